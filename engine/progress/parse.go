package progress

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Unknown is an event of a program that is newer than its reader: kept as it
// came, so that a reader may pass it on.
type Unknown struct {
	Kind   string                     // the value of "evento"
	Fields map[string]json.RawMessage // all but the stamp's own keys
}

// Name implements Event.
func (u Unknown) Name() string { return u.Kind }

// MarshalJSON writes the fields back.
func (u Unknown) MarshalJSON() ([]byte, error) {
	if len(u.Fields) == 0 {
		return []byte("{}"), nil
	}
	return json.Marshal(u.Fields)
}

// Parse reads one line of JSON, as Stamped writes it. An event it does not know
// is an Unknown; an error is a line that is no event at all.
func Parse(line []byte) (Stamped, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return Stamped{}, fmt.Errorf("parse event: %w", err)
	}
	var (
		s    Stamped
		name string
		at   string
	)
	for key, to := range map[string]any{"evento": &name, "hora": &at, "lote": &s.Batch, "repetido": &s.Replayed} {
		if raw, found := fields[key]; found {
			if err := json.Unmarshal(raw, to); err != nil {
				return Stamped{}, fmt.Errorf("parse event: %s: %w", key, err)
			}
		}
		delete(fields, key)
	}
	if name == "" {
		return Stamped{}, errors.New("parse event: it has no name")
	}
	var err error
	if s.At, err = time.Parse(time.RFC3339, at); err != nil {
		return Stamped{}, fmt.Errorf("parse event %s: %w", name, err)
	}
	if s.Event, err = parseEvent(name, line); err != nil {
		return Stamped{}, fmt.Errorf("parse event %s: %w", name, err)
	}
	if s.Event == nil {
		s.Event = Unknown{name, fields}
	}
	return s, nil
}

// parseEvent reads the fields of a known event; nil when its name is unknown.
func parseEvent(name string, line []byte) (Event, error) {
	switch name {
	case Listed{}.Name():
		return decode[Listed](line)
	case Discovered{}.Name():
		return decode[Discovered](line)
	case Planned{}.Name():
		return decode[Planned](line)
	case Advanced{}.Name():
		return decode[Advanced](line)
	case Written{}.Name():
		return decode[Written](line)
	case TableCommitted{}.Name():
		return decode[TableCommitted](line)
	case AlreadyInTable{}.Name():
		return decode[AlreadyInTable](line)
	case Confirmed{}.Name():
		return Confirmed{}, nil
	case Paused{}.Name():
		return decode[Paused](line)
	case Warned{}.Name():
		return decode[Warned](line)
	case Finished{}.Name():
		return decode[Finished](line)
	default:
		return nil, nil
	}
}

func decode[E Event](line []byte) (Event, error) {
	var e E
	err := json.Unmarshal(line, &e)
	return e, err
}

package disk

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"autoloaderlab/ui/style"
	"autoloaderlab/ui/text"
)

// node is a JSON value whose objects keep their order.
type node struct {
	members []member // of an object
	items   []node   // of an array
	scalar  string   // a string's text, or a number, true, false, null as written
	kind    kind
	// inner is the value that a string holds as JSON of its own (stats, schemaString).
	inner *node
}

type member struct {
	name  string
	value node
}

type kind int

const (
	scalarKind kind = iota
	stringKind
	objectKind
	arrayKind
)

// maxDepth bounds how deep values may lie in each other.
const maxDepth = 32

// parseJSON reads one value and nothing after it.
func parseJSON(data []byte) (node, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	n, err := parseValue(decoder, 0)
	if err != nil {
		return n, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return n, errors.New("more than one value")
	}
	return n, nil
}

func parseValue(decoder *json.Decoder, depth int) (node, error) {
	token, err := decoder.Token()
	if err != nil {
		return node{}, err
	}
	if depth == maxDepth {
		return node{}, errors.New("too deep")
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return parseObject(decoder, depth)
		}
		return parseArray(decoder, depth)
	case string:
		return parseText(token, depth), nil
	case json.Number:
		return node{scalar: token.String()}, nil
	case bool:
		return node{scalar: map[bool]string{true: "true", false: "false"}[token]}, nil
	default:
		return node{scalar: "null"}, nil
	}
}

// parseText looks into a string that holds an object of its own.
func parseText(s string, depth int) node {
	n := node{kind: stringKind, scalar: s}
	if strings.HasPrefix(s, "{") && depth < maxDepth/2 {
		decoder := json.NewDecoder(strings.NewReader(s))
		decoder.UseNumber()
		if inner, err := parseValue(decoder, depth+maxDepth/2); err == nil {
			n.inner = &inner
		}
	}
	return n
}

func parseObject(decoder *json.Decoder, depth int) (node, error) {
	n := node{kind: objectKind}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return n, err
		}
		name, _ := token.(string)
		value, err := parseValue(decoder, depth+1)
		if err != nil {
			return n, err
		}
		n.members = append(n.members, member{name, value})
	}
	_, err := decoder.Token()
	return n, err
}

func parseArray(decoder *json.Decoder, depth int) (node, error) {
	n := node{kind: arrayKind}
	for decoder.More() {
		value, err := parseValue(decoder, depth+1)
		if err != nil {
			return n, err
		}
		n.items = append(n.items, value)
	}
	_, err := decoder.Token()
	return n, err
}

// at follows member names, also into a string that holds JSON. What is not there is
// an empty node.
func (n node) at(names ...string) node {
	for _, name := range names {
		if n.inner != nil {
			n = *n.inner
		}
		found := node{}
		for _, m := range n.members {
			if m.name == name {
				found = m.value
			}
		}
		n = found
	}
	return n
}

func (n node) has(name string) bool {
	for _, m := range n.members {
		if m.name == name {
			return true
		}
	}
	return false
}

// String is a scalar's text, safe to print, and "" of anything else.
func (n node) String() string { return clean(n.scalar) }

// clean makes text from a file safe to print, on one line and without the marks that
// prose has a use for.
func clean(s string) string { return strings.ReplaceAll(text.Sanitize(s), "`", "'") }

// span is a piece of text with its role.
type span struct {
	text string
	role style.Role
	bold bool
}

// printer writes a value on atoms that a line may be broken between. Of an object it
// shows the members that are kept, and … for the others.
type printer struct {
	keep  map[string]bool // "add.stats.numRecords"; nil keeps all
	hue   func(path, value string) style.Role
	short func(path, value string) string
	atoms [][]span
	atom  []span
}

func (p *printer) put(s string, role style.Role, bold bool) {
	p.atom = append(p.atom, span{s, role, bold})
}

// cut ends an atom: the line may be broken here.
func (p *printer) cut() {
	if len(p.atom) > 0 {
		p.atoms = append(p.atoms, p.atom)
		p.atom = nil
	}
}

func (p *printer) kept(path string) bool {
	if p.keep == nil || p.keep[path] {
		return true
	}
	for kept := range p.keep {
		if strings.HasPrefix(kept, path+".") {
			return true
		}
	}
	return false
}

// whole tells that everything below path is kept.
func (p *printer) whole(path string) bool {
	for prefix := path; prefix != ""; {
		if p.keep[prefix] {
			return true
		}
		i := strings.LastIndexByte(prefix, '.')
		if i < 0 {
			break
		}
		prefix = prefix[:i]
	}
	return p.keep == nil
}

func (p *printer) value(n node, path, quote string) {
	switch {
	case n.kind == objectKind:
		p.object(n, path, quote)
	case n.kind == arrayKind:
		p.array(n, path, quote)
	case n.inner != nil && quote == `"`:
		p.put(`"`, style.Text, false)
		p.value(*n.inner, path, `\"`)
		p.put(`"`, style.Text, false)
	default:
		scalar := n.String()
		role := p.hue(path, n.scalar)
		if n.kind == stringKind {
			scalar = quote + p.short(path, scalar) + quote
		}
		p.put(scalar, role, false)
	}
}

func (p *printer) object(n node, path, quote string) {
	p.put("{", style.Text, false)
	left := false
	first := true
	for _, m := range n.members {
		below := strings.TrimPrefix(path+"."+m.name, ".")
		if !p.whole(below) && !p.kept(below) {
			left = true
			continue
		}
		if !first {
			p.put(",", style.Text, false)
			p.cut()
		}
		first = false
		p.put(quote+clean(m.name)+quote, style.Text, path == "")
		p.put(":", style.Text, false)
		p.value(m.value, below, quote)
	}
	if left {
		if !first {
			p.put(",", style.Text, false)
		}
		p.put(style.Ellipsis, style.Dim, false)
	}
	p.put("}", style.Text, false)
}

func (p *printer) array(n node, path, quote string) {
	p.put("[", style.Text, false)
	for i, item := range n.items {
		if i > 0 {
			p.put(",", style.Text, false)
			p.cut()
		}
		p.value(item, path, quote)
	}
	p.put("]", style.Text, false)
}

// keepOnly is the set of the paths that a printer shows.
func keepOnly(paths ...string) map[string]bool {
	keep := map[string]bool{}
	for _, path := range paths {
		keep[path] = true
	}
	return keep
}

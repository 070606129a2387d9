package delta

import (
	"encoding/json"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"autoloaderlab/engine/parquet"

	"github.com/apache/arrow/go/v17/arrow"
)

const (
	statsColumns    = 32 // Delta's dataSkippingNumIndexedCols
	statsCharacters = 32 // to which bounds of strings are cut
	maxUpperBound   = 64 // to which an upper bound may grow while it looks for a place to be cut
)

// AddFor is the add of a data file that lies in the table's folder dir: a
// relative path, and statistics by which readers leave files out (Delta
// protocol, «Per-file Statistics»).
func AddFor(dir string, f parquet.DataFile) (Add, error) {
	path, err := relativePath(dir, f.Path)
	if err != nil {
		return Add{}, err
	}
	stats, err := statsOf(f)
	if err != nil {
		return Add{}, err
	}
	return Add{
		Path:             path,
		PartitionValues:  map[string]*string{},
		SizeBytes:        f.SizeBytes,
		ModificationTime: f.ModTime.UnixMilli(),
		DataChange:       true,
		Stats:            stats,
	}, nil
}

// Rows is the file's number of rows, if its statistics tell.
func (a Add) Rows() (rows int64, known bool) {
	// Every writer known begins with the one number that is asked for often.
	if rest, ok := strings.CutPrefix(a.Stats, `{"numRecords":`); ok {
		if end := strings.IndexAny(rest, ",}"); end > 0 {
			if rows, ok := parseDigits(rest[:end]); ok {
				return rows, true
			}
		}
	}
	var stats struct {
		NumRecords *int64 `json:"numRecords"`
	}
	if json.Unmarshal([]byte(a.Stats), &stats) != nil || stats.NumRecords == nil || *stats.NumRecords < 0 {
		return 0, false
	}
	return *stats.NumRecords, true
}

// fileStats is what the stats text of an add holds, members in the table's column order.
type fileStats struct {
	NumRecords int64  `json:"numRecords"`
	MinValues  Values `json:"minValues"`
	MaxValues  Values `json:"maxValues"`
	NullCount  Values `json:"nullCount"`
}

func statsOf(f parquet.DataFile) (string, error) {
	stats := fileStats{f.Rows, Values{}, Values{}, Values{}}
	for _, column := range f.Columns[:min(len(f.Columns), statsColumns)] {
		stats.NullCount = append(stats.NullCount, Value{column.Name, column.NullCount})
		if low, ok := lowerBound(column.Type, column.Min); ok {
			stats.MinValues = append(stats.MinValues, Value{column.Name, low})
		}
		if high, ok := upperBound(column.Type, column.Max); ok {
			stats.MaxValues = append(stats.MaxValues, Value{column.Name, high})
		}
	}
	text, err := marshal(stats)
	return string(text), err
}

// lowerBound is what minValues holds for a column's least value; ok is false
// for types and values that have no place there.
func lowerBound(t arrow.DataType, low any) (any, bool) {
	switch low := low.(type) {
	case string:
		return cutLow(low), true
	case int64:
		if t.ID() == arrow.TIMESTAMP {
			return timestampText(time.UnixMicro(low).UTC().Truncate(time.Millisecond))
		}
	}
	return exactBound(low)
}

// upperBound is what maxValues holds for a column's greatest value.
func upperBound(t arrow.DataType, high any) (any, bool) {
	switch high := high.(type) {
	case string:
		return cutHigh(high)
	case int64:
		if t.ID() == arrow.TIMESTAMP {
			at := time.UnixMicro(high).UTC()
			whole := at.Truncate(time.Millisecond)
			if whole.Before(at) {
				whole = whole.Add(time.Millisecond)
			}
			return timestampText(whole)
		}
	}
	return exactBound(high)
}

// exactBound is a bound of a type whose values are written whole.
func exactBound(value any) (any, bool) {
	switch value := value.(type) {
	case int64:
		return value, true
	case float64:
		return value, !math.IsNaN(value) && !math.IsInf(value, 0)
	case int32:
		return dateText(value)
	}
	return nil, false
}

// dateText is a date as Spark writes it. Years of more or fewer than four digits
// have no form that every reader understands.
func dateText(days int32) (any, bool) {
	date := time.Unix(int64(days)*24*60*60, 0).UTC()
	return date.Format(time.DateOnly), hasFourDigits(date)
}

func timestampText(at time.Time) (any, bool) {
	return at.Format("2006-01-02T15:04:05.000Z"), hasFourDigits(at)
}

func hasFourDigits(t time.Time) bool { return t.Year() >= 0 && t.Year() <= 9999 }

// cutLow is the beginning of s: not greater than s.
func cutLow(s string) string { return s[:prefixEnd(s, statsCharacters)] }

// cutHigh is a string not less than s: s itself when it is short, else its
// beginning and a character that is greater than the one cut off. There is none
// after U+10FFFF, so that one is kept (Spark, StatisticsCollection.truncateMaxStringAgg).
func cutHigh(s string) (string, bool) {
	end := prefixEnd(s, statsCharacters)
	for kept := statsCharacters; end < len(s); kept++ {
		if kept >= maxUpperBound {
			return "", false
		}
		next, width := utf8.DecodeRuneInString(s[end:])
		switch {
		case next < 0x7F:
			return s[:end] + "\x7f", true
		case next < utf8.MaxRune:
			return s[:end] + string(utf8.MaxRune), true
		}
		end += width
	}
	return s, true
}

// prefixEnd is the length in bytes of the first characters of s.
func prefixEnd(s string, characters int) int {
	for i := range s {
		if characters == 0 {
			return i
		}
		characters--
	}
	return len(s)
}

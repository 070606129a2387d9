package query

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	duckdb "github.com/marcboeker/go-duckdb/v2"
)

// Object is a struct's or map's value: members in the order of the type, or of
// the keys.
type Object []Member

// Member is one name and value of an Object.
type Member struct {
	Name  string
	Value any
}

// MarshalJSON writes the members in their order.
func (o Object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, member := range o {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendJSONString(out, member.Name)
		out = append(out, ':')
		var err error
		if out, err = appendJSON(out, member.Value); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

// plain turns a driver's value into one of those that Result promises.
func plain(v any, t duckType) any {
	switch v := v.(type) {
	case nil, bool, float32, float64, int64, []byte:
		if t.name == "UUID" {
			return uuidText(v)
		}
		return v
	case string:
		if t.name == "UHUGEINT" || t.name == "BIGNUM" {
			return json.Number(v)
		}
		return v
	case time.Time:
		return plainTime(v, t)
	case *big.Int:
		return json.Number(v.String())
	case duckdb.Decimal:
		return json.Number(decimalText(v.Value, int(v.Scale)))
	case duckdb.Interval:
		return intervalText(v)
	case []any:
		return plainList(v, t)
	case map[string]any:
		return plainStruct(v, t)
	case duckdb.Map:
		return plainMap(v, t)
	case uint64:
		return json.Number(strconv.FormatUint(v, 10))
	}
	// What is left are the smaller integers.
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return r.Int()
	case r.CanUint():
		return int64(r.Uint())
	}
	return fmt.Sprint(v)
}

func plainTime(v time.Time, t duckType) any {
	switch t.name {
	case "DATE":
		return v.Format(time.DateOnly)
	case "TIME", "TIMETZ":
		return v.Format("15:04:05.999999")
	default:
		return v
	}
}

func plainList(v []any, t duckType) any {
	list := make([]any, len(v))
	for i, element := range v {
		list[i] = plain(element, t.part(0))
	}
	return list
}

func plainStruct(v map[string]any, t duckType) any {
	object := make(Object, 0, len(v))
	for i, field := range t.fields {
		object = append(object, Member{field, plain(v[field], t.inner[i])})
	}
	return object
}

// plainMap orders the members by their names: the driver has lost their order.
func plainMap(v duckdb.Map, t duckType) any {
	object := make(Object, 0, len(v))
	for key, value := range v {
		name := textOf(plain(key, t.part(0)))
		object = append(object, Member{name, plain(value, t.part(1))})
	}
	slices.SortFunc(object, func(a, b Member) int { return cmp.Compare(a.Name, b.Name) })
	return object
}

func (t duckType) part(i int) duckType {
	if i < len(t.inner) {
		return t.inner[i]
	}
	return duckType{}
}

// decimalText writes all digits of a decimal, the zeros at its end too.
func decimalText(unscaled *big.Int, scale int) string {
	digits := new(big.Int).Abs(unscaled).String()
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	if scale > 0 {
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if unscaled.Sign() < 0 {
		return "-" + digits
	}
	return digits
}

// intervalText is «14 months 3 days 01:02:03.5», as DuckDB prints it without years.
func intervalText(v duckdb.Interval) string {
	var parts []string
	if v.Months != 0 {
		parts = append(parts, fmt.Sprintf("%d months", v.Months))
	}
	if v.Days != 0 {
		parts = append(parts, fmt.Sprintf("%d days", v.Days))
	}
	if v.Micros != 0 || len(parts) == 0 {
		sign, micros := "", v.Micros
		if micros < 0 {
			sign, micros = "-", -micros
		}
		seconds := micros / 1e6
		clock := fmt.Sprintf("%s%02d:%02d:%02d", sign, seconds/3600, seconds/60%60, seconds%60)
		if rest := micros % 1e6; rest != 0 {
			clock += strings.TrimRight(fmt.Sprintf(".%06d", rest), "0")
		}
		parts = append(parts, clock)
	}
	return strings.Join(parts, " ")
}

func uuidText(v any) any {
	b, ok := v.([]byte)
	if !ok || len(b) != 16 {
		return v
	}
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// appendJSON writes one value. NaN and the infinities, which JSON lacks, are
// strings, as Spark's to_json writes them.
func appendJSON(out []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(out, "null"...), nil
	case string:
		return appendJSONString(out, v), nil
	case int64:
		return strconv.AppendInt(out, v, 10), nil
	case float64:
		return appendFloat(out, v, 64), nil
	case float32:
		return appendFloat(out, float64(v), 32), nil
	case time.Time:
		return appendJSONString(out, textOf(v)), nil
	case []any:
		out = append(out, '[')
		for i, element := range v {
			if i > 0 {
				out = append(out, ',')
			}
			var err error
			if out, err = appendJSON(out, element); err != nil {
				return nil, err
			}
		}
		return append(out, ']'), nil
	case Object:
		encoded, err := v.MarshalJSON()
		return append(out, encoded...), err
	default:
		encoded, err := json.Marshal(v)
		return append(out, encoded...), err
	}
}

func appendJSONString(out []byte, s string) []byte {
	var encoded strings.Builder
	enc := json.NewEncoder(&encoded)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return append(out, `""`...) // a string always encodes
	}
	return append(out, strings.TrimSuffix(encoded.String(), "\n")...)
}

func appendFloat(out []byte, v float64, bits int) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(append(append(out, '"'), floatText(v, bits)...), '"')
	}
	return append(out, floatText(v, bits)...)
}

// floatText is the shortest text that reads back as the same number, with an
// exponent only for the very large and small, as encoding/json has it.
func floatText(v float64, bits int) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "Infinity"
	case math.IsInf(v, -1):
		return "-Infinity"
	}
	format := byte('f')
	if abs := math.Abs(v); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.FormatFloat(v, format, -1, bits)
}

// textOf is a value for tables and CSV: as in the JSON, without its quotes.
func textOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return floatText(v, 64)
	case float32:
		return floatText(float64(v), 32)
	case json.Number:
		return v.String()
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	default:
		encoded, err := appendJSON(nil, v)
		if err != nil {
			return err.Error()
		}
		return string(encoded)
	}
}

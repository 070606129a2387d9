package query

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Whatever the cells hold, encoding/csv and encoding/json read them back.
func TestTextsSurviveCSVAndJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOf(rapid.OneOf(rapid.SampledFrom([]rune("\",\r\n\\<>&'\u2028\x00ñ日")), rapid.Rune().Filter(utf8.ValidRune)))
		row := rapid.SliceOfN(cell, 2, 4).Draw(t, "row")
		result := &Result{Rows: [][]any{{}}}
		for i, value := range row {
			result.Columns = append(result.Columns, Column{strings.Repeat("c", i+1), "STRING"})
			result.Rows[0] = append(result.Rows[0], value)
		}
		text, err := result.CSV()
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil || len(records) != 2 {
			t.Fatalf("%q: got %v, %v", text, records, err)
		}
		encoded, err := result.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var objects []map[string]string
		if err := json.Unmarshal(encoded, &objects); err != nil {
			t.Fatalf("%s: %v", encoded, err)
		}
		for i, want := range row {
			// encoding/csv turns \r\n within quotes into \n.
			if got := records[1][i]; got != strings.ReplaceAll(want, "\r\n", "\n") {
				t.Errorf("CSV: got %q, want %q", got, want)
			}
			if got := objects[0][result.Columns[i].Name]; got != want {
				t.Errorf("JSON: got %q, want %q", got, want)
			}
		}
	})
}

func TestDecimalsKeepAllDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`-?[0-9]{1,38}`).Draw(t, "digits")
		scale := rapid.IntRange(0, 38).Draw(t, "scale")
		unscaled, _ := new(big.Int).SetString(digits, 10)
		text := decimalText(unscaled, scale)
		got, ok := new(big.Rat).SetString(text)
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
		if want := new(big.Rat).SetFrac(unscaled, power); !ok || got.Cmp(want) != 0 {
			t.Fatalf("got %s, want %s", text, want)
		}
		if _, fraction, _ := strings.Cut(text, "."); len(fraction) != scale {
			t.Fatalf("%s has %d decimals, want %d", text, len(fraction), scale)
		}
		if !json.Valid([]byte(text)) {
			t.Fatalf("%s is no JSON number", text)
		}
	})
}

package csv

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What the tokenizer says of a part of a multiLine file holds for the whole: a
// record that it finds before more bytes are read does not change with them.
func TestTheEndOfAWindowDecidesNothing(t *testing.T) {
	fragments := []string{
		"a", "b", ",", ",", "\n", "\r\n", "\r", "\"", "\"", "\"\"", "\\", "\\\"", " ", "#", "é", "§", "|", "||", "\"q\"", "\"q\",", "\"m\nn\"", ";",
	}
	dialects := []func(*Options){
		func(*Options) {},
		func(o *Options) { o.Escape = '"' },
		func(o *Options) { o.Escape = 0 },
		func(o *Options) { o.Comment = '#' },
		func(o *Options) { o.Sep = "||" },
		func(o *Options) { o.Sep = "§" },
		func(o *Options) { o.Quote = '§' },
		func(o *Options) { o.LineSep = ";" },
		func(o *Options) { o.IgnoreLeadingWhiteSpace, o.IgnoreTrailingWhiteSpace = true, true },
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := []byte(strings.Join(rapid.SliceOfN(rapid.SampledFrom(fragments), 1, 12).Draw(rt, "text"), ""))
		o := DefaultOptions()
		o.MultiLine = true
		rapid.SampledFrom(dialects).Draw(rt, "options")(&o)
		whole := tokenizer{dialect: newDialect(&o)}
		if o.LineSep == "" {
			whole.lineEnd = []byte(rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(rt, "line end"))
		}
		n, _ := whole.parse(text, true)
		want := texts(&whole)
		for k := range text {
			part := tokenizer{dialect: whole.dialect}
			used, status := part.parse(text[:k], false)
			if status == nothing || status == found && (used != n || !reflect.DeepEqual(texts(&part), want)) {
				rt.Fatalf("%q of %q: status %d, %q in %d bytes; the whole gives %q in %d", text[:k], text, status, texts(&part), used, want, n)
			}
		}
	})
}

func texts(t *tokenizer) []string {
	var texts []string
	for _, c := range t.cells {
		if c.null {
			texts = append(texts, "NULL")
			continue
		}
		texts = append(texts, "="+string(c.text))
	}
	return texts
}

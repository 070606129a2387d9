package text

import (
	"slices"
	"strings"
	"testing"
)

func TestTheGlossaryStandsInSpanishOrder(t *testing.T) {
	if !slices.IsSortedFunc(Glossary, func(a, b Term) int { return strings.Compare(collated(a.Name), collated(b.Name)) }) {
		t.Error("the terms are not in their order")
	}
	words := []string{"año", "ánimo", "anzuelo", "Árbol", "antes"}
	slices.SortFunc(words, func(a, b string) int { return strings.Compare(collated(a), collated(b)) })
	if got, want := strings.Join(words, " "), "ánimo antes anzuelo año Árbol"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestATermIsFoundByItsNameAndThenByWhatItMeans(t *testing.T) {
	name := func(terms []Term) string {
		var names []string
		for _, term := range terms {
			names = append(names, term.Name)
		}
		return strings.Join(names, ", ")
	}
	for word, want := range map[string]string{
		"": "Auto Loader", "PAPEL": "Papelera", "version": "Versión", "parq": "Parquet", "xyz": "",
	} {
		got := name(Terms(word))
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%q: got %s, want %s first", word, got, want)
		}
	}
}

// collated is a key by which words stand in Spanish order: á as a, ñ behind n.
func collated(s string) string { return strings.ReplaceAll(folded(s), "ñ", "n\uffff") }

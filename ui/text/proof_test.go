package text_test

import (
	"reflect"
	"testing"

	"autoloaderlab/ui/text"
)

func TestAProofIsATable(t *testing.T) {
	history := `[{"version":1,"timestamp":"2025-03-07T12:00:00Z","operation":"STREAMING UPDATE","operationParameters":{"queryId":"5c1f7a92-3be0-4d0e-9d6a-000000000000","epochId":"0"},"operationMetrics":{"numOutputRows":"1204"}},` +
		`{"version":0,"operation":"CREATE TABLE","operationParameters":null,"operationMetrics":{}}]`
	for name, c := range map[string]struct {
		result string
		want   text.Proof
	}{
		"a count":          {`[{"filas":1204}]`, text.Proof{Columns: []string{"filas"}, Numbers: []bool{true}, Rows: [][]string{{"1\u00a0204"}}}},
		"columns in order": {`[{"z":"a","a":null}]`, text.Proof{Columns: []string{"z", "a"}, Numbers: []bool{false, false}, Rows: [][]string{{"a", "–"}}}},
		"a history": {history, text.Proof{
			Columns: []string{"versión", "operación", "consulta", "lote", "filas"}, Numbers: []bool{true, false, false, true, true},
			Rows: [][]string{{"1", "STREAMING UPDATE", "5c1f7a92", "0", "1\u00a0204"}, {"0", "CREATE TABLE", "–", "–", "–"}},
		}},
		"many rows":     {`[{"n":1},{"n":2},{"n":3},{"n":4},{"n":5},{"n":6},{"n":7},{"n":8}]`, text.Proof{Columns: []string{"n"}, Numbers: []bool{true}, Rows: [][]string{{"1"}, {"2"}, {"3"}, {"4"}, {"5"}, {"6"}}, More: 2}},
		"no rows":       {`[]`, text.Proof{}},
		"nothing":       {``, text.Proof{}},
		"another shape": {`[1,2]`, text.Proof{}},
	} {
		if got := text.ProofOf(c.result); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

package play

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"autoloaderlab/ui/text"
)

// page is the report of somebody who did experiment 1, answering with option 1
// where there is a question.
func page(t *testing.T, name string) string {
	t.Helper()
	ctx := context.Background()
	room := classroom(t, t.TempDir(), InProcess{})
	s, err := room.Start(ctx, "experimento-1")
	if err != nil {
		t.Fatal(err)
	}
	for range s.Lesson().Steps {
		if s.Locked() {
			if err := s.Predict(ctx, 0, "Porque por_que* | no"); err != nil {
				t.Fatal(err)
			}
		}
		for _, action := range s.Solution() {
			if _, err := s.Do(ctx, action, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Answer(ctx, "¿Se cargaron los mismos registros?", "No, ninguno."); err != nil {
		t.Fatal(err)
	}
	if err := room.SetName(ctx, name); err != nil {
		t.Fatal(err)
	}
	path, err := room.WriteReport(ctx)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestAReportFitsUntilItIsTouched(t *testing.T) {
	ana, luis := page(t, "Ana Ruiz"), page(t, "Luis Paz")
	for _, want := range []string{"Ana Ruiz", "602, las mismas: se vuelve a cargar todo", "> No, ninguno.", "STREAMING UPDATE", "COPY INTO", "Porque: por_que\\*"} {
		if !strings.Contains(ana, want) {
			t.Errorf("%q is not in the report", want)
		}
	}
	replaced := func(page, old, fresh string) string {
		t.Helper()
		if !strings.Contains(page, old) {
			t.Fatalf("%q is not there", old)
		}
		return strings.ReplaceAll(page, old, fresh)
	}
	forged := func(edit func(*text.Report)) string {
		r, err := text.ParseReport(ana)
		if err != nil {
			t.Fatal(err)
		}
		edit(&r)
		again, err := r.Markdown()
		if err != nil {
			t.Fatal(err)
		}
		return again
	}
	handed := map[string]struct{ page, fault string }{
		"1-ana":      {ana, ""},
		"2-luis":     {luis, ""},
		"3-windows":  {"\ufeff" + strings.ReplaceAll(ana, "\n", "\r\n"), ""},
		"4-renamed":  {replaced(ana, "Ana Ruiz", "Eva Sol"), "se ha editado"},
		"6-better":   {replaced(ana, "| salió otra cosa |", "| acertada |"), "se ha editado"},
		"7-forged":   {forged(func(r *text.Report) { r.Lessons[0].Predictions[0].Right = true }), "está marcada como acertada"},
		"8-results":  {forged(func(r *text.Report) { r.Lessons[0].Predictions[0].Result = "602" }), "predijo «las mismas"},
		"8-did-more": {forged(func(r *text.Report) { r.Lessons[0].Predictions[0].Result = "1" }), ""},
		"9-more":     {forged(func(r *text.Report) { more(&r.Lessons[0].Tables[1]) }), ""},
		"9-rows":     {forged(func(r *text.Report) { r.Lessons[0].Tables[0].Rows = 602 }), "el motor deja 0 filas"},
		"b-other":    {"# Mi informe\n", "no es un informe"},
		"c-unknown":  {forged(func(r *text.Report) { r.Lessons[0].ID = "otra" }), "«otra» no está"},
		"d-nothing":  {"", "no es un informe"},
	}
	pages := map[string]string{}
	for name, h := range handed {
		pages[name] = h.page
	}
	checks := verified(t, pages)
	if len(checks) != len(handed) {
		t.Errorf("%d checks", len(checks))
	}
	for name, check := range checks {
		fault := handed[name].fault
		if check.OK != (fault == "") || !strings.Contains(strings.Join(check.Faults, "\n"), fault) {
			t.Errorf("%s: got %v, want %q", name, check.Faults, fault)
		}
		if asked := len(check.Ask) > 0; asked != strings.HasPrefix(name, "8-") {
			t.Errorf("%s: to ask: %v", name, check.Ask)
		}
	}
	alone := verified(t, map[string]string{"nobody": forged(func(r *text.Report) { r.Name = " " })})["nobody"]
	if class := text.Class([]text.ReportCheck{alone}); !alone.OK || alone.Done != 1 || !strings.Contains(class, "sin nombre") || !strings.Contains(class, "le falta el nombre") {
		t.Errorf("a report without a name is told as\n%s", class)
	}

	copied := verified(t, map[string]string{"1-ana": ana, "2-luis": luis, "3-eva": forged(func(r *text.Report) { r.Name = "Eva Sol" })})
	for name, want := range map[string]string{"1-ana": "3-eva.md", "2-luis": "", "3-eva": "1-ana.md"} {
		faults := strings.Join(copied[name].Faults, "\n")
		if copied[name].OK != (want == "") || !strings.Contains(faults, want) {
			t.Errorf("copied, %s: got %q, want %q in it", name, faults, want)
		}
	}
}

// more loads once more than the lesson asks for, in the table and its history.
func more(table *text.ReportTable) {
	last := table.History[0]
	rows, _ := strconv.ParseInt(last.Rows, 10, 64)
	table.Version++
	last.Version = table.Version
	table.Rows += rows
	table.History = append([]text.ReportCommit{last}, table.History...)
}

// verified hands pages in, by their names.
func verified(t *testing.T, pages map[string]string) map[string]text.ReportCheck {
	t.Helper()
	dir := t.TempDir()
	for name, page := range pages {
		if err := os.WriteFile(filepath.Join(dir, name+".md"), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := Verify(context.Background(), t.TempDir(), ReadHanded(dir))
	if err != nil {
		t.Fatal(err)
	}
	checks := map[string]text.ReportCheck{}
	for _, check := range list {
		checks[strings.TrimSuffix(filepath.Base(check.File), ".md")] = check
	}
	return checks
}

func TestAReportOfNothingIsAReport(t *testing.T) {
	room := classroom(t, t.TempDir(), InProcess{})
	report, err := room.Report(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	markdown, err := report.Markdown()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := text.ParseReport(markdown); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(room.Dir(), "lab.json")); err == nil {
		t.Error("reporting prepared a lab")
	}
}

// TestAReportHasNoControlCharacter solves every lesson, whose texts a report is made of.
func TestAReportHasNoControlCharacter(t *testing.T) {
	ctx := context.Background()
	room := classroom(t, t.TempDir(), InProcess{})
	for _, lesson := range room.library.Lessons {
		if err := room.Solve(ctx, lesson.ID, func(Solved) {}); err != nil {
			t.Fatal(err)
		}
	}
	report, err := room.Report(ctx)
	if err != nil {
		t.Fatal(err)
	}
	page, err := report.Markdown()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page, "1"+text.Space+"204") {
		t.Error("no number of four digits is in the report")
	}
	read := ""
	for _, line := range text.ReportLines(page) {
		read += line.Words + "\n"
	}
	if !strings.Contains(read, "1"+text.Space+"204") || !strings.Contains(read, "· STREAMING UPDATE ·") || strings.Contains(read, "```") || strings.Contains(read, "\\_") {
		t.Errorf("read in the program, the report is\n%s", read)
	}
	for i, line := range strings.Split(page, "\n") {
		if strings.ContainsFunc(line, unicode.IsControl) || strings.Contains(line, `\x0`) || strings.Contains(line, `\u00`) {
			t.Errorf("line %d: %q", i+1, line)
		}
	}
}

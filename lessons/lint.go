package lessons

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is something wrong with a lesson. What runs (answers, goals,
// solutions) is held by ui/play's tests, which have the engine.
type Problem struct {
	File  string `json:"archivo"`
	Where string `json:"donde"` // the step and key, or empty
	Text  string `json:"problema"`
}

// String is one line.
func (p Problem) String() string {
	if p.Where == "" {
		return p.File + ": " + p.Text
	}
	return p.File + ": " + p.Where + ": " + p.Text
}

func (l *Library) problem(file, where, text string) {
	l.problems = append(l.problems, Problem{file, where, text})
}

// Lint looks at everything that can be wrong without running anything.
func (l *Library) Lint() []Problem {
	problems := slices.Clone(l.problems)
	add := func(file string) func(where, format string, args ...any) {
		return func(where, format string, args ...any) {
			problems = append(problems, Problem{file, where, fmt.Sprintf(format, args...)})
		}
	}
	l.lintIdeas(add("ideas.toml"))
	ids, numbers := map[string]bool{}, map[int]bool{}
	for _, lesson := range l.Lessons {
		tell := add(lesson.File)
		if ids[lesson.ID] {
			tell("id", "repetido: «%s»", lesson.ID)
		}
		if numbers[lesson.Number] {
			tell("numero", "repetido: %d", lesson.Number)
		}
		ids[lesson.ID], numbers[lesson.Number] = true, true
		(&linter{l, lesson, tell}).lesson()
	}
	return problems
}

func (l *Library) lintIdeas(tell func(where, format string, args ...any)) {
	seen := map[string]bool{}
	for _, idea := range l.Ideas {
		if !identifier.MatchString(idea.ID) || seen[idea.ID] {
			tell(idea.ID, "id repetido o mal escrito")
		}
		seen[idea.ID] = true
		for _, text := range []string{idea.Name, idea.Line} {
			for _, fault := range Typography(text) {
				tell(idea.ID, "%s", fault)
			}
		}
		if utf8.RuneCountInString(idea.Name) > 64 || idea.Name == "" || idea.Line == "" {
			tell(idea.ID, "nombre vacío o de más de 64 letras, o sin descripción")
		}
	}
}

var identifier = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
var flowName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// Lengths, in letters. Prose has 66 columns; code has 64 beside its rule.
const (
	titleLetters    = 48
	sentenceLetters = 200
	proseLetters    = 900
	whyLetters      = 420
	hintLetters     = 300
	optionLetters   = 56
	answerLetters   = 500
	codeColumns     = 64
	codeLines       = 14
)

// linter looks at one lesson.
type linter struct {
	library *Library
	*Lesson
	tell func(where, format string, args ...any)
}

func (l *linter) lesson() {
	if !identifier.MatchString(l.ID) {
		l.tell("id", "letras minúsculas, números y guiones: «%s»", l.ID)
	}
	if want := fmt.Sprintf("%02d-", l.Number); l.File != "" && !strings.HasPrefix(l.File, want) {
		l.tell("numero", "el archivo de la lección %d empieza por «%s»", l.Number, want)
	}
	if l.Minutes < 1 || l.Minutes > 15 {
		l.tell("minutos", "de 1 a 15, no %d", l.Minutes)
	}
	if len(l.Steps) == 0 {
		l.tell("paso", "no hay ninguno")
	}
	if len(l.Learn) == 0 || len(l.Learn) > 4 {
		l.tell("sabras", "de una a cuatro cosas")
	}
	l.prose("titulo", l.Title, titleLetters)
	l.prose("objetivo", l.Goal, sentenceLetters)
	l.optionalProse("notas", l.Notes, 3000)
	for _, line := range l.Learn {
		l.prose("sabras", line, 66)
	}
	for _, id := range l.Requires {
		if earlier := l.library.Lesson(id); earlier == nil || earlier.Number >= l.Number {
			l.tell("antes", "«%s» no es una lección anterior", id)
		}
	}
	l.actions("preparacion", l.Setup)
	l.flows()
	l.reviews()
	seen := map[string]bool{}
	for i, step := range l.Steps {
		if !identifier.MatchString(step.ID) || seen[step.ID] {
			l.tell("paso "+step.ID, "id repetido o mal escrito")
		}
		seen[step.ID] = true
		l.step(i, step, "paso "+step.ID)
	}
}

func (l *linter) flows() {
	for _, flow := range l.Flows {
		_, taken := factTypes()[flow.Name]
		if !flowName.MatchString(flow.Name) || taken || flow.Name == beforeName || flow.Name == startName {
			l.tell("flujo", "nombre mal escrito o ya usado: «%s»", flow.Name)
		}
	}
	for _, target := range l.Targets() {
		if v := target.Full().Variant; !slices.Contains([]string{"cuaderno", "checkpoint-en-tabla", "copy-into", "sin-checkpoint"}, v) {
			l.tell("variante", "desconocida: «%s»", v)
		}
	}
}

func (l *linter) reviews() {
	first := l.library.Lessons[0].Number == l.Number // nothing comes before it
	if !first && len(l.Review) == 0 || len(l.Review) > 2 {
		l.tell("repaso", "una o dos preguntas sobre lecciones anteriores")
	}
	for _, review := range l.Review {
		if earlier := l.library.Lesson(review.From); earlier == nil || earlier.Number >= l.Number {
			l.tell("repaso", "«%s» no es una lección anterior", review.From)
		}
		l.prose("repaso", review.Text, sentenceLetters)
		right := 0
		for _, option := range review.Options {
			l.prose("repaso", option.Text, 64)
			l.prose("repaso", option.Why, whyLetters)
			l.idea("repaso", option.Idea, option.Right)
			if option.Right {
				right++
			}
		}
		if right != 1 || len(review.Options) < 2 {
			l.tell("repaso", "«%s»: al menos dos opciones y una sola correcta", review.Text)
		}
	}
}

func (l *linter) idea(where, id string, right bool) {
	switch _, known := l.library.Idea(id); {
	case right && id != "":
		l.tell(where, "una opción correcta no lleva idea")
	case !right && !known:
		l.tell(where, "la idea «%s» no está en ideas.toml", id)
	}
}

func (l *linter) step(i int, s *Step, where string) {
	if !slices.Contains([]Phase{Read, Predict, Run, Observe, Explain, Transfer}, s.Phase) {
		l.tell(where, "fase desconocida: «%s»", s.Phase)
	}
	if !slices.Contains([]string{"", Demonstration, HalfDone, Alone}, s.How) {
		l.tell(where, "como desconocido: «%s»", s.How)
	}
	l.prose(where+" titulo", s.Title, 64)
	l.optionalProse(where+" texto", s.Text, proseLetters)
	l.optionalProse(where+" explica", s.Explain, proseLetters)
	l.optionalProse(where+" fin", s.End, whyLetters)
	if s.Text == "" && s.Explain == "" {
		l.tell(where, "no dice nada: ni texto ni explica")
	}
	for _, cell := range s.Cells {
		l.cell(where+" celda", cell)
	}
	l.question(i, s, where+" pregunta")
	l.goal(s, where)
	for _, fact := range append(slices.Clone(s.Compare), s.Evidence...) {
		if !slices.Contains(FactNames(), fact) {
			l.tell(where, "dato desconocido: «%s»", fact)
		}
	}
	if s.Databricks != nil {
		l.prose(where+" databricks", s.Databricks.Text, proseLetters)
		l.code(where+" databricks", s.Databricks.Code)
	}
	if s.More != nil {
		l.optionalProse(where+" mas", s.More.Title, 64)
		l.prose(where+" mas", s.More.Text, 1200)
	}
	for _, q := range s.Notebook {
		l.prose(where+" preguntas_cuaderno", q.Question, sentenceLetters)
		l.prose(where+" preguntas_cuaderno", q.Answer, answerLetters)
		if err := l.checkTemplate(q.Evidence); err != nil {
			l.tell(where+" preguntas_cuaderno", "%v", err)
		}
	}
}

// goal looks at what a step that is done, and not read, needs.
func (l *linter) goal(s *Step, where string) {
	l.actions(where+" acciones", s.Actions)
	l.actions(where+" solucion", s.Solution)
	if s.Goal != "" {
		l.expression(where+" meta", s.Goal, true)
	}
	if s.Goal == "" && (len(s.Actions) > 0 || len(s.Solution) > 0) || s.Goal != "" && len(s.Solution) == 0 {
		l.tell(where, "acciones, meta y solucion van juntas")
	}
	if n := len(s.Solution); n > 0 && s.Goal != "" && !strings.Contains(s.Goal, "ultimo.estado") {
		if last, err := ParseAction(s.Solution[n-1]); err == nil && last.Verb == VerbLoad && last.KillAt == "" {
			l.tell(where+" meta", "la última carga también tiene que acabar: ultimo.estado == 'TERMINADA'")
		}
	}
	if s.Phase == Run && s.Goal == "" {
		l.tell(where, "un paso que se ejecuta tiene meta")
	}
	for _, written := range s.Solution {
		action, err := ParseAction(written)
		covered := slices.ContainsFunc(s.Actions, func(a string) bool {
			allowed, bad := ParseAction(a)
			return bad == nil && allowed.Covers(action)
		})
		if err == nil && !covered {
			l.tell(where+" solucion", "«%s» no está entre las acciones del paso", written)
		}
	}
	levels := map[int]bool{}
	for _, hint := range s.Hints {
		levels[hint.Level] = true
		l.prose(where+" pista", hint.Text, hintLetters)
		if hint.If != "" {
			l.expression(where+" pista", hint.If, true)
		}
		if (hint.Level == 1) != (hint.If != "") || hint.Level > 3 {
			l.tell(where+" pista", "las de nivel 1 llevan «si», las de nivel 2 y 3 no")
		}
	}
	if s.Goal != "" && s.How != Demonstration && !(levels[1] && levels[2] && levels[3]) {
		l.tell(where+" pista", "faltan pistas: hay tres niveles")
	}
}

func (l *linter) question(i int, s *Step, where string) {
	q := s.Question
	if q == nil {
		if s.Phase == Predict {
			l.tell(where, "un paso que predice tiene pregunta")
		}
		return
	}
	l.prose(where, q.Text, sentenceLetters)
	l.prose(where+" nose", q.DontKnow, whyLetters)
	if len(q.Options) < 2 || len(q.Options) > 5 {
		l.tell(where, "de dos a cinco opciones")
	}
	right := 0
	for _, option := range q.Options {
		l.prose(where+" opcion", option.Text, optionLetters)
		l.prose(where+" opcion", option.Why, whyLetters)
		if q.Answer == "" {
			l.idea(where+" opcion", option.Idea, option.Right)
		} else if _, known := l.library.Idea(option.Idea); option.Idea != "" && !known {
			l.tell(where+" opcion", "la idea «%s» no está en ideas.toml", option.Idea)
		}
		if option.Right {
			right++
		}
		if (q.Answer == "") != (option.Value == "") {
			l.tell(where+" opcion", "con respuesta, cada opción tiene valor; sin ella, ninguna")
		}
		if option.Value != "" {
			l.expression(where+" valor", option.Value, false)
		}
	}
	switch {
	case q.Answer == "" && (right != 1 || q.Proof == ""):
		l.tell(where, "sin respuesta hace falta una opción correcta y una prueba")
	case q.Answer != "" && right > 0:
		l.tell(where, "con respuesta, la correcta la dice el motor y no «correcta»")
	case q.Answer != "":
		l.expression(where+" respuesta", q.Answer, false)
		if len(l.Steps[l.Settles(i)].Actions) == 0 {
			l.tell(where, "nada de lo que sigue ejecuta lo que se predice")
		}
	}
	if q.Answer != "" {
		without := 0
		for _, option := range q.Options {
			if option.Idea == "" {
				without++
			}
		}
		if without != 1 {
			l.tell(where, "cada opción menos la correcta lleva su idea")
		}
	}
	if q.Proof != "" {
		l.expression(where+" prueba", q.Proof, true)
	}
}

func (l *linter) cell(where string, cell Cell) {
	if !slices.Contains([]string{"sql", "pyspark", "python", "shell"}, cell.Language) {
		l.tell(where, "lenguaje desconocido: «%s»", cell.Language)
	}
	l.code(where, cell.Code)
	if cell.Action != "" {
		l.actions(where, []string{cell.Action})
	}
	if strings.HasPrefix(cell.Action, string(VerbSQL)+" ") || cell.Action == string(VerbSQL) && cell.Language != "sql" {
		l.tell(where, "una celda ejecuta su propio código: accion = \"sql\", con lenguaje = \"sql\"")
	}
}

// code may be cut nowhere: it has to fit.
func (l *linter) code(where, code string) {
	filled, err := l.Text(code, sample, Words{})
	if err != nil {
		l.tell(where, "%v", err)
		return
	}
	lines := strings.Split(strings.TrimRight(filled, "\n"), "\n")
	if len(lines) > codeLines {
		l.tell(where, "%d líneas de código; caben %d", len(lines), codeLines)
	}
	for _, line := range lines {
		if n := utf8.RuneCountInString(line); n > codeColumns {
			l.tell(where, "línea de %d columnas; caben %d: %s", n, codeColumns, line)
		}
		if strings.ContainsRune(line, '\t') {
			l.tell(where, "un tabulador: %s", line)
		}
	}
}

// sample are facts of a usual size, to measure texts with.
var sample = func() Moment {
	facts := Nothing()
	facts.Day = "2025-03-06"
	facts.Source = SourceFacts{Files: 3, Rows: 552, Bytes: 19279}
	facts.Checkpoint.Query = "5c1f7a92-3be0-4d0e-9d7b-0c1f7a923be0"
	facts.Table = TableFacts{
		Exists: true, Name: "bronce_dev.datavision_bruno.account_premium_features",
		ID: "e9d04b17-3be0-4d0e-9d7b-0c1f7a923be0", Version: 1, Rows: 552, Files: 1, Bytes: 9000, Queries: 1, Newest: "STREAMING UPDATE",
	}
	return Moment{Now: World{{}: facts}, Before: World{{}: facts}, Start: World{{}: facts}}
}()

func (l *linter) actions(where string, written []string) {
	for _, one := range written {
		if _, err := ParseAction(one); err != nil {
			l.tell(where, "%v", err)
		}
	}
}

func (l *linter) expression(where, source string, isBool bool) {
	if _, err := l.compile(source); err != nil {
		l.tell(where, "%v", err)
		return
	}
	value, err := l.Eval(source, sample, Words{})
	_, holds := value.(bool)
	switch {
	case err != nil:
		l.tell(where, "%v", err)
	case isBool && !holds:
		l.tell(where, "«%s» no es verdadera ni falsa", source)
	}
}

func (l *linter) prose(where, text string, letters int) {
	if strings.TrimSpace(text) == "" {
		l.tell(where, "vacío")
		return
	}
	l.optionalProse(where, text, letters)
}

func (l *linter) optionalProse(where, text string, letters int) {
	filled, err := l.Text(text, sample, Words{})
	if err != nil {
		l.tell(where, "%v", err)
		return
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(filled)); n > letters {
		l.tell(where, "%d letras; caben %d", n, letters)
	}
	for _, fault := range Typography(text) {
		l.tell(where, "%s", fault)
	}
}

var (
	template = regexp.MustCompile(`\{\{[^}]*\}\}`)
	inCode   = regexp.MustCompile("`[^`\n]*`")
	english  = regexp.MustCompile(`(?i)\b(the|of|and|with|not|found|cannot|failed|unknown|invalid|for|does|exist|available|you|your|this|that|which|when|where)\b`)
	counted  = regexp.MustCompile(`\b\d+\s+(filas?|archivos?|lotes?|versiones)\b`)
	grouped  = regexp.MustCompile(`\d[.\x{00a0}\x{202f} ]\d{3}\b`)
	longWord = 40
)

// Typography tells what is wrong with a piece of prose as Spanish is written
// here. Templates and `code` are left out.
func Typography(prose string) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if strings.Count(prose, "`")%2 != 0 {
		fault("una comilla invertida sin pareja")
	}
	text := inCode.ReplaceAllString(template.ReplaceAllString(prose, "0"), "x")
	for _, pair := range [][2]string{{"«", "»"}, {"¿", "?"}, {"¡", "!"}, {"(", ")"}} {
		if strings.Count(text, pair[0]) != strings.Count(text, pair[1]) {
			fault("%s y %s no van por parejas", pair[0], pair[1])
		}
	}
	if strings.ContainsAny(text, `"'“”‘’`) {
		fault("comillas que no son « »")
	}
	if strings.Contains(text, "...") {
		fault("tres puntos en lugar de …")
	}
	if strings.Contains(strings.TrimSpace(text), "  ") {
		fault("dos espacios seguidos")
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) != line {
			fault("espacio al borde de una línea: «%s»", line)
		}
	}
	if strings.Contains(text, "\n\n\n") {
		fault("más de una línea en blanco")
	}
	if word := english.FindString(text); word != "" {
		fault("inglés: «%s»", word)
	}
	if number := counted.FindString(text); number != "" {
		fault("«%s» se escribe como {{…}}, que el motor calcula", number)
	}
	if number := grouped.FindString(text); number != "" {
		fault("los grupos de «%s» los pone el programa", number)
	}
	for _, word := range strings.Fields(text) {
		if utf8.RuneCountInString(word) > longWord {
			fault("palabra de más de %d letras: «%s»", longWord, word)
		}
	}
	if strings.Contains(text, " ,") || strings.Contains(text, " .") || strings.Contains(text, " ;") || strings.Contains(text, "¿ ") || strings.Contains(text, " ?") {
		fault("un espacio delante de un signo, o detrás de ¿")
	}
	return faults
}

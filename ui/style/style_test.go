package style

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// pages are the backgrounds that terminals have; ours is the terminal's own.
var pages = map[Look][]string{
	Dark:          {"#16161e", "#000000", "#282c34"},
	DarkContrast:  {"#16161e", "#000000", "#282c34"},
	Light:         {"#ffffff", "#eff1f5", "#fdf6e3"},
	LightContrast: {"#ffffff", "#eff1f5", "#fdf6e3"},
}

func TestEveryTextCanBeReadOnEverySurface(t *testing.T) {
	for look, page := range pages {
		least := 4.5
		if look == DarkContrast || look == LightContrast {
			least = 7
		}
		p := palettes[look]
		for role := range Role(roles) {
			if role == Line || role == Button {
				continue
			}
			truth := append([]string{p.surface[Selected].TrueColor, p.surface[Code].TrueColor}, page...)
			for _, behind := range truth {
				if got := contrast(p.text[role].TrueColor, behind); got < least {
					t.Errorf("%v, role %d on %s: contrast %.2f, want %.1f", look, role, behind, got, least)
				}
			}
			indexed := append([]string{xterm(p.surface[Selected].ANSI256), xterm(p.surface[Code].ANSI256)}, page...)
			for _, behind := range indexed {
				if got := contrast(xterm(p.text[role].ANSI256), behind); got < 4.5 {
					t.Errorf("%v in 256 colours, role %d on %s: contrast %.2f, want 4.5", look, role, behind, got)
				}
			}
		}
		if got := contrast(p.text[Button].TrueColor, p.surface[Pressed].TrueColor); got < least-1 && got < 4.5 {
			t.Errorf("%v: a button's text has contrast %.2f", look, got)
		}
	}
}

// xterm is the colour that xterm gives a number of its 256.
func xterm(number string) string {
	n, _ := strconv.Atoi(number)
	if n >= 232 {
		v := 8 + (n-232)*10
		return hex(v, v, v)
	}
	level := func(i int) int {
		if i == 0 {
			return 0
		}
		return 55 + 40*i
	}
	n -= 16
	return hex(level(n/36), level(n/6%6), level(n%6))
}

func hex(r, g, b int) string {
	two := func(v int) string {
		return strings.Repeat("0", 2-len(strconv.FormatInt(int64(v), 16))) + strconv.FormatInt(int64(v), 16)
	}
	return "#" + two(r) + two(g) + two(b)
}

// contrast is the WCAG 2 ratio of two colours.
func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(color string) float64 {
	n, err := strconv.ParseUint(color[1:], 16, 32)
	if err != nil {
		panic(color)
	}
	part := func(v uint64) float64 {
		c := float64(v&255) / 255
		if c <= 0.03928 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
}

func TestWithoutColourNothingIsPainted(t *testing.T) {
	plain := New(NoColor, TrueColor, false)
	for _, got := range []string{
		plain.Text(Accent, "hola"), plain.Bold(Bad, "hola"), plain.Mark(OK, Done), plain.On(Selected).Fill(4),
		plain.Key("w", "escribir"), plain.Heading("título"), plain.Bar(Table, 1, 2, 10), plain.Prose(Text, "El ◆"+nbsp+"checkpoint"),
	} {
		if strings.Contains(got, "\x1b") {
			t.Errorf("%q has an escape sequence", got)
		}
	}
	if got, want := plain.Heading("¿Quién?"), "¿QUIÉN?"; got != want {
		t.Errorf("Heading = %q, want %q", got, want)
	}
	if got, want := plain.Key("w", "escribir"), "[w] escribir"; got != want {
		t.Errorf("Key = %q, want %q", got, want)
	}
}

func TestSixteenColoursPaintSignsAndNoWord(t *testing.T) {
	few := New(Dark, Colors16, false)
	if got := few.Text(Origin, "origen"); got != "origen" {
		t.Errorf("a word in 16 colours is %q", got)
	}
	if got := few.Mark(Origin, SignOrigin); !strings.Contains(got, "\x1b[93m") {
		t.Errorf("a sign in 16 colours is %q, want bright yellow", got)
	}
}

func TestTheTerminalDecidesTheLook(t *testing.T) {
	cases := []struct {
		name, asked string
		env         map[string]string
		look        Look
		depth       Depth
		known       bool
	}{
		{"nothing said is dark", "", map[string]string{"TERM": "xterm-256color"}, Dark, Colors256, true},
		{"light paper", "auto", map[string]string{"COLORFGBG": "0;15", "COLORTERM": "truecolor"}, Light, TrueColor, true},
		{"light paper with a default between", "", map[string]string{"COLORFGBG": "0;default;15"}, Light, Colors16, true},
		{"dark paper", "", map[string]string{"COLORFGBG": "15;0"}, Dark, Colors16, true},
		{"no colour", "", map[string]string{"NO_COLOR": "1", "COLORFGBG": "0;15"}, NoColor, Colors16, true},
		{"a look asked for wins over no colour", "claro", map[string]string{"NO_COLOR": "1"}, Light, Colors16, true},
		{"a look that nobody knows", "rosa", nil, Dark, Colors16, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			theme, known := Detect(c.asked, func(k string) string { return c.env[k] })
			if theme.Look() != c.look || theme.paint.depth != c.depth || known != c.known {
				t.Errorf("got %v, %v, %v; want %v, %v, %v", theme.Look(), theme.paint.depth, known, c.look, c.depth, c.known)
			}
		})
	}
}

func TestNamesAreCutWhereTheyDoNotDiffer(t *testing.T) {
	theme := Theme{}
	cases := []struct{ got, want string }{
		{theme.CutMiddle("part-00000-8e41c0d7-c000.snappy.parquet", 19), "part-00000….parquet"},
		{theme.CutLeft("account_premium_features_2025-03-03.csv", 16), "…_2025-03-03.csv"},
		{theme.Cut("5c1f7a92-3be0-4d0e-9a", 20), "5c1f7a92-3be0-4d0e-…"},
		{theme.CutMiddle("corto.csv", 20), "corto.csv"},
		{theme.Row("izquierda", "12", 8), "izqu… 12"},
		{theme.PadLeft("602", 6), "   602"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestProseKeepsASignWithItsWord(t *testing.T) {
	for _, line := range Paragraphs("El ◆ checkpoint todavía recuerda los 4 archivos, y borrar la\n■ tabla no lo toca.\n\nOtro.", 20) {
		if strings.HasSuffix(line, SignCheckpoint) || strings.HasSuffix(line, SignTable) {
			t.Errorf("%q ends in a sign", line)
		}
	}
	painted := New(Dark, TrueColor, false).Prose(Text, "El ◆"+nbsp+"checkpoint, `a b` fin")
	if got, want := ansi.Strip(painted), "El ◆"+nbsp+"checkpoint, a b fin"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatIsBroughtToASizeHasIt(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aá ñ◆■/_.\n`漢0"))).Draw(r, "text")
		w, h := rapid.IntRange(1, 60).Draw(r, "w"), rapid.IntRange(1, 10).Draw(r, "h")
		theme := New(Look(rapid.IntRange(0, looks-1).Draw(r, "look")), TrueColor, rapid.Bool().Draw(r, "ascii"))
		lines := Wrap(text, w)
		for _, line := range lines {
			if got := Width(strings.ReplaceAll(line, "`", "")); got > max(w, 2) {
				r.Fatalf("line %q is %d wide, want at most %d", line, got, w)
			}
		}
		painted := []string{}
		for _, line := range lines {
			painted = append(painted, theme.On(Selected).Prose(Dim, line))
		}
		rows := strings.Split(theme.Finish(theme.Fit(painted, w, h)), "\n")
		if len(rows) != h {
			r.Fatalf("%d rows, want %d", len(rows), h)
		}
		for _, row := range rows {
			if Width(row) != w {
				r.Fatalf("row %q is %d wide, want %d", row, Width(row), w)
			}
		}
	})
}

func TestABarIsFullOnlyWhenAllIsDone(t *testing.T) {
	cases := []struct{ done, total, want int64 }{{0, 10, 0}, {1, 1000, 0}, {999, 1000, 9}, {1000, 1000, 10}, {5, 0, 0}, {5, 10, 5}}
	for _, c := range cases {
		if got := Share(c.done, c.total, 10); got != int(c.want) {
			t.Errorf("Share(%d, %d, 10) = %d, want %d", c.done, c.total, got, c.want)
		}
	}
}

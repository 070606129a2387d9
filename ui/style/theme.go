// Package style is how the interface looks: what a piece of text means (Role), what
// lies behind it (Surface), the signs, and how a text is brought to an exact size.
// It draws no screen and knows no lesson.
//
//	palette.go  roles, surfaces, looks and their colours
//	theme.go    a Theme paints text by its role
//	signs.go    the signs, and their ASCII fall-back
//	size.go     wrapping, cutting, fitting, putting side by side
//	detect.go   which look and how many colours a terminal gets
//
// Every function returns text whose visible width is what the arguments say, so a
// view is composed of plain strings:
//
//	t.Mark(style.Origin, style.SignOrigin) + " " + t.Bold(style.Origin, "Archivos de origen")
//	t.On(style.Selected).Text(style.Dim, "…")
package style

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Theme paints text.  It is a value: copy it freely, compare it never.  Its zero
// value paints nothing, as NoColor does.
type Theme struct {
	paint   *paints
	surface Surface
}

// paints are the escape sequences around each role, worked out once per theme, so
// that drawing a frame is only joining strings.
type paints struct {
	look  Look
	depth Depth
	ascii bool
	plain [surfaces][roles]around
	bold  [surfaces][roles]around
	mark  [surfaces][roles]around
}

type around struct{ before, after string }

func (a around) wrap(s string) string {
	if s == "" || a.before == "" {
		return s
	}
	return a.before + s + a.after
}

// New makes a theme.  ascii asks for signs that every terminal font has; Finish
// puts them in.
func New(look Look, depth Depth, ascii bool) Theme {
	p := &paints{look: look, depth: depth, ascii: ascii}
	if look != NoColor {
		p.fill()
	}
	return Theme{paint: p}
}

func (p *paints) fill() {
	renderer := lipgloss.NewRenderer(io.Discard)
	renderer.SetColorProfile([]termenv.Profile{TrueColor: termenv.TrueColor, Colors256: termenv.ANSI256, Colors16: termenv.ANSI}[p.depth])
	for surface := range Surface(surfaces) {
		for role := range Role(roles) {
			words, hue := renderer.NewStyle(), renderer.NewStyle().Foreground(palettes[p.look].text[role])
			switch {
			case p.depth != Colors16:
				words = hue
				if surface != Page {
					words = words.Background(palettes[p.look].surface[surface])
				}
				hue = words
			case surface == Pressed:
				words = words.Reverse(true)
				hue = words
			}
			strong := words.Bold(true)
			if role == Strong || role == Button || (role == Accent && p.depth == Colors16) {
				words = strong
			}
			p.plain[surface][role] = sequences(words)
			p.bold[surface][role] = sequences(strong)
			p.mark[surface][role] = sequences(hue)
		}
	}
}

// sequences asks lipgloss what it puts around a text.
func sequences(s lipgloss.Style) around {
	before, after, found := strings.Cut(s.Render("x"), "x")
	if !found || before == "" {
		return around{}
	}
	return around{before, after}
}

// Look is how this theme paints.
func (t Theme) Look() Look {
	if t.paint == nil {
		return NoColor
	}
	return t.paint.look
}

// With is the same terminal in another look.
func (t Theme) With(look Look) Theme {
	if t.paint == nil {
		return New(look, TrueColor, false)
	}
	return New(look, t.paint.depth, t.paint.ascii)
}

// Colored says whether the theme uses attributes at all.
func (t Theme) Colored() bool { return t.Look() != NoColor }

// On is the theme painting on a surface.  Fill the rest of the line with t.Fill, or
// the surface ends where the text does.
func (t Theme) On(s Surface) Theme {
	t.surface = s
	return t
}

// Text paints words by their role.  Strong is bold.
func (t Theme) Text(r Role, s string) string {
	if t.paint == nil {
		return s
	}
	return t.paint.plain[t.surface][r].wrap(s)
}

// Bold is Text in bold: memory titles, a focused row, a number that just changed.
func (t Theme) Bold(r Role, s string) string {
	if t.paint == nil {
		return s
	}
	return t.paint.bold[t.surface][r].wrap(s)
}

// Mark paints a sign: unlike a word it keeps its hue with 16 colours too.
func (t Theme) Mark(r Role, sign string) string {
	if t.paint == nil {
		return sign
	}
	return t.paint.mark[t.surface][r].wrap(sign)
}

// Heading is a title: strong, and capitals where there is no bold.
func (t Theme) Heading(s string) string {
	if !t.Colored() {
		return strings.ToUpper(s)
	}
	return t.Text(Strong, s)
}

// Title is the heading of what has the keys: in the accent's hue, capitals without one.
func (t Theme) Title(s string) string {
	if !t.Colored() {
		return strings.ToUpper(s)
	}
	return t.Bold(Accent, s)
}

// KeyName is the name of a key, as the keyboard shows it: «[w]» without colour.
func (t Theme) KeyName(key string) string {
	if !t.Colored() {
		return "[" + key + "]"
	}
	return t.Bold(Accent, key)
}

// Key is a footer's entry: the key and what it does.
func (t Theme) Key(key, does string) string { return t.KeyName(key) + " " + t.Text(Dim, does) }

// MainKey is the footer's first entry, the one that goes on.
func (t Theme) MainKey(key, does string) string {
	return t.KeyName(key) + " " + t.Text(Strong, does)
}

// Fill is n columns of the theme's surface.
func (t Theme) Fill(n int) string {
	if n <= 0 {
		return ""
	}
	blank := strings.Repeat(" ", n)
	if t.surface == Page {
		return blank
	}
	return t.Text(Text, blank)
}

// Prose paints a line of running text: a memory's sign and the word joined to it (by
// a no-break space) take the memory's hue, and what stands in `backticks` is strong.
// Lines come from Wrap, which keeps both whole.
func (t Theme) Prose(r Role, line string) string {
	var out, run strings.Builder
	flush := func() {
		out.WriteString(t.Text(r, run.String()))
		run.Reset()
	}
	for rest := line; rest != ""; {
		if role, piece := memoryWord(rest); piece != "" {
			flush()
			sign, word, _ := strings.Cut(piece, nbsp)
			out.WriteString(t.Mark(role, sign) + t.Text(r, nbsp) + t.Text(role, word))
			rest = rest[len(piece):]
			continue
		}
		if rest[0] == '`' {
			if code, after, closed := strings.Cut(rest[1:], "`"); closed {
				flush()
				out.WriteString(t.Text(Strong, code))
				rest = after
				continue
			}
		}
		run.WriteByte(rest[0])
		rest = rest[1:]
	}
	flush()
	return out.String()
}

// memoryWord finds a memory's sign and its word at the start of s.
func memoryWord(s string) (Role, string) {
	if s[0] < utf8.RuneSelf { // no sign is a letter
		return 0, ""
	}
	for sign, role := range memoryOfSign {
		rest, found := strings.CutPrefix(s, sign+nbsp)
		if !found {
			continue
		}
		end := strings.IndexAny(rest, " ,.;:)?!»"+"\n")
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			return 0, ""
		}
		return role, s[:len(sign)+len(nbsp)+end]
	}
	return 0, ""
}

// Finish is the last thing that happens to a frame: where the font has no signs, it
// puts their fall-back in.  Widths stay.
func (t Theme) Finish(frame string) string {
	if t.paint == nil || !t.paint.ascii {
		return frame
	}
	return fallback.Replace(frame)
}

// ASCII says whether signs fall back.
func (t Theme) ASCII() bool { return t.paint != nil && t.paint.ascii }

package style

import "github.com/charmbracelet/lipgloss"

// Role is what a piece of text means.  Colours follow from roles and from nothing
// else: a view never names a colour.
type Role int

// The roles.  Accent says focus, keys, running and new; the hues of the three
// memories say which memory, and nothing else.  Line is for rules and never for text.
const (
	Text Role = iota
	Strong
	Dim
	Accent
	Origin
	Checkpoint
	Table
	OK
	Bad
	Line
	Button // text on a button: its surface is Accent
	roles  = iota
)

// Surface is what lies behind a piece of text.
type Surface int

// The surfaces.  Page is the terminal's own background, which we keep.
const (
	Page Surface = iota
	Selected
	Code
	Pressed  // behind the text of the button that has the focus
	surfaces = iota
)

// Look is one way the whole interface is painted.
type Look int

// The looks, in the order in which a key goes through them.
const (
	Dark Look = iota
	Light
	DarkContrast
	LightContrast
	NoColor // no attribute at all: glyphs and words carry everything
	looks   = iota
)

// Next is the look that follows l.
func (l Look) Next() Look { return (l + 1) % looks }

// Depth is how many colours a terminal shows.
type Depth int

// The depths.  With 16 colours, which are the terminal's own, only glyphs take a
// hue: nobody can promise that a word in them can be read.
const (
	TrueColor Depth = iota
	Colors256
	Colors16
)

// palette is one look's colours: true colour, then of the 256, then of the 16.
type palette struct {
	text    [roles]lipgloss.CompleteColor
	surface [surfaces]lipgloss.CompleteColor
}

var palettes = [looks]palette{
	Dark: {
		text: [roles]lipgloss.CompleteColor{
			Text:       {TrueColor: "#d3d7e3", ANSI256: "253"},
			Strong:     {TrueColor: "#ffffff", ANSI256: "231"},
			Dim:        {TrueColor: "#9aa2b8", ANSI256: "248"},
			Accent:     {TrueColor: "#7db4ff", ANSI256: "111", ANSI: "12"},
			Origin:     {TrueColor: "#f2bf6b", ANSI256: "215", ANSI: "11"},
			Checkpoint: {TrueColor: "#dc9df2", ANSI256: "183", ANSI: "13"},
			Table:      {TrueColor: "#55d3b4", ANSI256: "79", ANSI: "14"},
			OK:         {TrueColor: "#a5d86e", ANSI256: "149", ANSI: "10"},
			Bad:        {TrueColor: "#ff8b86", ANSI256: "210", ANSI: "9"},
			Line:       {TrueColor: "#454b61", ANSI256: "239", ANSI: "8"},
			Button:     {TrueColor: "#0d1220", ANSI256: "233"},
		},
		surface: [surfaces]lipgloss.CompleteColor{
			Selected: {TrueColor: "#2b3150", ANSI256: "237"},
			Code:     {TrueColor: "#20222f", ANSI256: "235"},
			Pressed:  {TrueColor: "#7db4ff", ANSI256: "111"},
		},
	},
	Light: {
		text: [roles]lipgloss.CompleteColor{
			Text:       {TrueColor: "#2b2e38", ANSI256: "236"},
			Strong:     {TrueColor: "#0b0c10", ANSI256: "233"},
			Dim:        {TrueColor: "#5b606e", ANSI256: "240"},
			Accent:     {TrueColor: "#1559c0", ANSI256: "25", ANSI: "4"},
			Origin:     {TrueColor: "#855400", ANSI256: "94", ANSI: "3"},
			Checkpoint: {TrueColor: "#8a2ba8", ANSI256: "91", ANSI: "5"},
			Table:      {TrueColor: "#006b58", ANSI256: "23", ANSI: "6"},
			OK:         {TrueColor: "#3c6c00", ANSI256: "58", ANSI: "2"},
			Bad:        {TrueColor: "#b3221c", ANSI256: "124", ANSI: "1"},
			Line:       {TrueColor: "#c3c7d2", ANSI256: "251", ANSI: "7"},
			Button:     {TrueColor: "#ffffff", ANSI256: "231"},
		},
		surface: [surfaces]lipgloss.CompleteColor{
			Selected: {TrueColor: "#dde6fa", ANSI256: "255"},
			Code:     {TrueColor: "#f1f3f8", ANSI256: "255"},
			Pressed:  {TrueColor: "#1559c0", ANSI256: "25"},
		},
	},
	DarkContrast: {
		text: [roles]lipgloss.CompleteColor{
			Text:       {TrueColor: "#ffffff", ANSI256: "231"},
			Strong:     {TrueColor: "#ffffff", ANSI256: "231"},
			Dim:        {TrueColor: "#d7dbe6", ANSI256: "253"},
			Accent:     {TrueColor: "#a8cfff", ANSI256: "153", ANSI: "12"},
			Origin:     {TrueColor: "#ffd58a", ANSI256: "222", ANSI: "11"},
			Checkpoint: {TrueColor: "#efc4ff", ANSI256: "225", ANSI: "13"},
			Table:      {TrueColor: "#7ff0d0", ANSI256: "122", ANSI: "14"},
			OK:         {TrueColor: "#c4f294", ANSI256: "193", ANSI: "10"},
			Bad:        {TrueColor: "#ffbcb8", ANSI256: "217", ANSI: "9"},
			Line:       {TrueColor: "#9aa2b8", ANSI256: "248", ANSI: "7"},
			Button:     {TrueColor: "#000000", ANSI256: "16"},
		},
		surface: [surfaces]lipgloss.CompleteColor{
			Selected: {TrueColor: "#26305c", ANSI256: "236"},
			Code:     {TrueColor: "#1c1c1c", ANSI256: "234"},
			Pressed:  {TrueColor: "#a8cfff", ANSI256: "153"},
		},
	},
	LightContrast: {
		text: [roles]lipgloss.CompleteColor{
			Text:       {TrueColor: "#000000", ANSI256: "16"},
			Strong:     {TrueColor: "#000000", ANSI256: "16"},
			Dim:        {TrueColor: "#2f3440", ANSI256: "236"},
			Accent:     {TrueColor: "#003a8c", ANSI256: "18", ANSI: "4"},
			Origin:     {TrueColor: "#573600", ANSI256: "52", ANSI: "3"},
			Checkpoint: {TrueColor: "#5a1272", ANSI256: "54", ANSI: "5"},
			Table:      {TrueColor: "#004438", ANSI256: "22", ANSI: "6"},
			OK:         {TrueColor: "#274700", ANSI256: "22", ANSI: "2"},
			Bad:        {TrueColor: "#7d0d08", ANSI256: "88", ANSI: "1"},
			Line:       {TrueColor: "#5b606e", ANSI256: "240", ANSI: "8"},
			Button:     {TrueColor: "#ffffff", ANSI256: "231"},
		},
		surface: [surfaces]lipgloss.CompleteColor{
			Selected: {TrueColor: "#d3dffa", ANSI256: "254"},
			Code:     {TrueColor: "#f1f3f8", ANSI256: "255"},
			Pressed:  {TrueColor: "#003a8c", ANSI256: "18"},
		},
	},
}

package style

import (
	"strconv"
	"strings"
)

// Detect says which look and how many colours a terminal gets, without asking it
// anything: asked is --tema or LAB_TEMA («» and «auto» decide by COLORFGBG, and dark
// where that is silent too), getenv reads the environment.  known is false when asked
// is none of LookNames.  A look that was asked for wins over NO_COLOR.
func Detect(asked string, getenv func(string) string) (t Theme, known bool) {
	look, known := ParseLook(asked)
	if asked == "" || asked == "auto" {
		look, known = Dark, true
		switch {
		case getenv("NO_COLOR") != "":
			look = NoColor
		case lightPaper(getenv("COLORFGBG")):
			look = Light
		}
	}
	return New(look, depth(getenv), getenv("TERM") == "linux"), known
}

var lookNames = [looks]string{
	Dark: "oscuro", Light: "claro", DarkContrast: "contraste", LightContrast: "contraste-claro", NoColor: "sin-color",
}

// LookNames are the values of --tema.
func LookNames() []string { return append([]string{"auto"}, lookNames[:]...) }

// String is the look's name as --tema takes it.
func (l Look) String() string { return lookNames[l] }

// ParseLook reads a look's name.
func ParseLook(name string) (Look, bool) {
	for look, n := range lookNames {
		if n == name {
			return Look(look), true
		}
	}
	return Dark, false
}

// lightPaper reads COLORFGBG, «foreground;background» in the numbers of the 16
// colours: 7 and 9 to 15 are light (rxvt's convention, which others follow).
func lightPaper(colorfgbg string) bool {
	_, last, found := strings.Cut(colorfgbg, ";")
	if i := strings.LastIndex(last, ";"); i >= 0 {
		last = last[i+1:]
	}
	n, err := strconv.Atoi(last)
	return found && err == nil && (n == 7 || n >= 9 && n <= 15)
}

func depth(getenv func(string) string) Depth {
	switch term, colorterm := getenv("TERM"), getenv("COLORTERM"); {
	case colorterm == "truecolor" || colorterm == "24bit" || getenv("WT_SESSION") != "" || strings.HasSuffix(term, "-direct"):
		return TrueColor
	case strings.Contains(term, "256color"):
		return Colors256
	case term == "xterm-kitty" || term == "alacritty" || term == "wezterm" || term == "xterm-ghostty":
		return TrueColor
	}
	return Colors16
}

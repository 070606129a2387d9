package text

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Space is U+00A0: it groups digits and joins a number to its unit.
const Space = "\u00a0"

// Number groups the digits of n in threes, from four digits up: «552», «1 250».
func Number(n int64) string { return group(strconv.FormatInt(n, 10)) }

func group(digits string) string {
	sign := ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "−", rest
	}
	first := len(digits) % 3
	groups := []string{}
	if first > 0 {
		groups = append(groups, digits[:first])
	}
	for i := first; i < len(digits); i += 3 {
		groups = append(groups, digits[i:i+3])
	}
	return sign + strings.Join(groups, Space)
}

// Decimal writes f with a decimal comma and that many places: «13,2».
func Decimal(f float64, places int) string {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(f, 'f', places, 64), ".")
	if fraction == "" {
		return group(whole)
	}
	return group(whole) + "," + fraction
}

// Percent is done as a share of total, rounded down so that only all is 100: «68 %».
func Percent(done, total int64) string {
	share := int64(100)
	if total > 0 && done < total {
		share = int64(float64(max(done, 0)) / float64(total) * 100)
	}
	return Number(share) + Space + "%"
}

// Bytes is a size in decimal units: «999 B», «13,2 kB», «1,5 GB».
func Bytes(n int64) string {
	if n < 1000 {
		return Number(n) + Space + "B"
	}
	size := float64(n)
	units := []string{"kB", "MB", "GB", "TB", "PB", "EB"}
	unit := -1
	for size >= 999.95 && unit < len(units)-1 {
		size /= 1000
		unit++
	}
	return Decimal(math.Round(size*10)/10, 1) + Space + units[unit]
}

// Count is a number with its noun: «1 fila», «552 filas».
func Count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Rows, Files and Batches are the nouns the lab counts most.
func Rows(n int64) string { return Count(n, "fila", "filas") }

// Files counts files.
func Files(n int64) string { return Count(n, "archivo", "archivos") }

// Batches counts batches.
func Batches(n int64) string { return Count(n, "lote", "lotes") }

// Duration is a time that passed: «41 ms», «3,2 s», «2 min 5 s».
func Duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return Number(d.Milliseconds()) + Space + "ms"
	case d < time.Minute:
		return Decimal(d.Seconds(), 1) + Space + "s"
	default:
		seconds := int64(d.Seconds())
		return fmt.Sprintf("%s%smin %d%ss", Number(seconds/60), Space, seconds%60, Space)
	}
}

// Day is an ISO date.
func Day(t time.Time) string { return t.Format(time.DateOnly) }

// ShortID is as much of an id as a person compares.
func ShortID(id string) string {
	if len(id) > 8 {
		return id[:8]
	}
	return id
}

// list joins as Spanish does: «a», «b» y «c»; and «a» e «i».
func list(parts []string) string {
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0]
	}
	last := parts[len(parts)-1]
	and := " y "
	if startsWithI(last) {
		and = " e "
	}
	return strings.Join(parts[:len(parts)-1], ", ") + and + last
}

func startsWithI(word string) bool {
	word = strings.ToLower(strings.TrimLeft(word, "«"))
	word = strings.TrimPrefix(word, "h")
	return (strings.HasPrefix(word, "i") || strings.HasPrefix(word, "í")) &&
		!strings.HasPrefix(word, "ia") && !strings.HasPrefix(word, "ie") && !strings.HasPrefix(word, "io")
}

// quote puts a name from outside between Spanish quotes, safe to print.
func quote(name string) string {
	return "«" + inner.Replace(Sanitize(HideSecrets(name))) + "»"
}

// inner are the quotes within quotes.
var inner = strings.NewReplacer("«", "“", "»", "”")

// atMost is how many names a sentence lists before it counts the rest.
const atMost = 12

func quoteAll(names []string) string {
	quoted := make([]string, 0, len(names))
	for i, name := range names {
		if i == atMost && len(names) > atMost+1 {
			quoted = append(quoted, Number(int64(len(names)-atMost))+" más")
			break
		}
		quoted = append(quoted, quote(name))
	}
	return list(quoted)
}

// DayAndMonth is a day of this year or the last: «7 mar».
func DayAndMonth(t time.Time) string {
	return strconv.Itoa(t.Day()) + " " + [...]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"}[t.Month()-1]
}

// Command data writes CSV files with the notebook's columns for the rivals to
// load. The same flags give the same bytes on every machine.
//
//	data -files 5 -bytes 50000000 [-kind plain|ordered|micros|quoted] [-seed 1] FOLDER
//	data -files 10000 -rows 10 FOLDER
package main

import (
	"bufio"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

const header = "account_feature_id,account_id,feature_id,purchase_date,amount_paid\n"

func main() {
	files := flag.Int("files", 1, "how many files")
	rows := flag.Int("rows", 0, "rows of each; 0: as many as -bytes holds")
	bytes := flag.Int("bytes", 0, "bytes of each file, about")
	kind := flag.String("kind", "plain", "plain, ordered, micros or quoted")
	seed := flag.Uint64("seed", 1, "of the random numbers")
	flag.Parse()
	if err := writeAll(flag.Arg(0), *files, *rows, *bytes, *kind, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "data:", err)
		os.Exit(1)
	}
}

func writeAll(folder string, files, rows, bytes int, kind string, seed uint64) error {
	row, known := kinds[kind]
	if !known || folder == "" || (rows == 0) == (bytes == 0) {
		return fmt.Errorf("a folder, a known kind, and either -rows or -bytes are needed")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	id := 0
	for file := range files {
		p := &purchases{Rand: rand.New(rand.NewPCG(seed, uint64(file))), id: id, day: day(file), moment: day(file)}
		path := filepath.Join(folder, fmt.Sprintf("account_premium_features_%07d.csv", file))
		if err := write(path, p, row, rows, bytes); err != nil {
			return err
		}
		id = p.id
	}
	return nil
}

// day is where the purchases of a file begin: a day for each.
func day(file int) time.Time {
	return time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, file%1000)
}

func write(path string, p *purchases, row func(*purchases, []byte) []byte, rows, bytes int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	line := []byte(header)
	for written, n := 0, 0; ; n++ {
		if _, err := out.Write(line); err != nil {
			return err
		}
		if written += len(line); n == rows && rows > 0 || written >= bytes && bytes > 0 {
			break
		}
		p.id++
		line = row(p, line[:0])
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Close()
}

// purchases are the rows of one file. Ids go on from file to file, so that an id
// tells a row's file and its place in it.
type purchases struct {
	*rand.Rand
	id     int
	day    time.Time
	moment time.Time
}

var kinds = map[string]func(*purchases, []byte) []byte{
	"plain":   (*purchases).plain,
	"ordered": (*purchases).ordered,
	"micros":  (*purchases).micros,
	"quoted":  (*purchases).quoted,
}

// plain has a year's moments in no order, a hundred thousand accounts and
// twenty thousand amounts: the hardest that such columns are to compress.
func (p *purchases) plain(to []byte) []byte {
	return p.amount(p.anyMoment(p.ids(to), "2006-01-02 15:04:05,"))
}

// micros has moments to the microsecond, hardly one of them twice.
func (p *purchases) micros(to []byte) []byte {
	return p.amount(p.anyMoment(p.ids(to), "2006-01-02 15:04:05.000000,"))
}

// ordered is as the extraction writes a day: by moment, a price for each
// feature, one payment in 25 not recorded.
func (p *purchases) ordered(to []byte) []byte {
	feature := p.IntN(12)
	p.moment = p.moment.Add(time.Duration(p.IntN(int(170 * time.Millisecond))))
	to = p.number(to, p.id)
	to = p.number(to, 1+min(p.IntN(100_000), p.IntN(100_000)))
	to = p.number(to, 1+feature)
	to = p.moment.AppendFormat(to, "2006-01-02 15:04:05,")
	if p.IntN(25) > 0 {
		to = append(strconv.AppendInt(to, int64(3+8*feature), 10), ".99"...)
	}
	return append(to, '\n')
}

// quoted is plain, but in every tenth row there are quotes, accents, separators
// in quotes, doubled quotes, "" and CRLF.
func (p *purchases) quoted(to []byte) []byte {
	if p.id%10 > 0 {
		return p.plain(to)
	}
	to = p.number(to, p.id)
	to = fmt.Appendf(to, `"cuenta Ñ, %d",`, 1+p.IntN(100_000))
	to = fmt.Appendf(to, `"función ""é"" %d",`, 1+p.IntN(40))
	to = p.anyMoment(to, "2006-01-02 15:04:05,")
	return append(to, "\"\"\r\n"...)
}

func (p *purchases) ids(to []byte) []byte {
	to = p.number(to, p.id)
	to = p.number(to, 1+p.IntN(100_000))
	return p.number(to, 1+p.IntN(40))
}

func (p *purchases) number(to []byte, n int) []byte {
	return append(strconv.AppendInt(to, int64(n), 10), ',')
}

func (p *purchases) anyMoment(to []byte, layout string) []byte {
	return p.day.Add(time.Duration(p.Int64N(int64(365*24*time.Hour)))).AppendFormat(to, layout)
}

func (p *purchases) amount(to []byte) []byte {
	cents := p.IntN(20_000)
	to = append(strconv.AppendInt(to, int64(cents/100), 10), '.', byte('0'+cents/10%10), byte('0'+cents%10))
	return append(to, '\n')
}

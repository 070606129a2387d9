// Package background tells lipgloss that the terminal is dark, before anybody asks
// the terminal.
//
// Bubble Tea's own initialisation asks the terminal for its background colour and
// waits up to five seconds for an answer (bubbletea v1.3.10, tea_init.go).  Many
// terminals never answer: relayed ones, ssh -tt, browsers.  Once a background is set
// lipgloss asks nobody.  Go initialises packages that are ready in the order of their
// import paths, and this one needs only lipgloss and sorts before
// github.com/charmbracelet/bubbletea, so it comes first; ui imports it for that alone
// and a test in a terminal that never answers holds it.  Our themes do not use what
// is set here: see style.Detect.
package background

import "github.com/charmbracelet/lipgloss"

func init() { lipgloss.SetHasDarkBackground(true) }

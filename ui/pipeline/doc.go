// Package pipeline shows a load while it runs: six rooms, each with the sign of
// the memory that it writes, lit by events and by nothing else. Step by step it
// shows what is on disk at a seam, and what killing the load there would mean.
//
//	state.go    events, folded into a State: pure
//	model.go    a load being followed: commands, keys
//	feed.go     events from the goroutine that runs the load to the screen
//	view.go     the running load, and how sections share a height
//	seam.go     a paused load, and what is on disk
//	ending.go   how it ended
package pipeline

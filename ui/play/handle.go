package play

import (
	"context"

	"autoloaderlab/engine"
)

// Handle does with a pipeline's source files what an action «archivo …» says; args
// are its words after «archivo».
func Handle(ctx context.Context, p *engine.Pipeline, args []string) (engine.Action, error) {
	return handle(ctx, p, args)
}

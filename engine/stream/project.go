package stream

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"
)

// Projection is the query's own part, between source and sink: columns made
// from a batch's rows (withColumn).
type Projection interface {
	Schema(*arrow.Schema) *arrow.Schema
	// Begin gives what makes the columns of one part's records.
	Begin(Batch) func(arrow.Record) (arrow.Record, error)
}

// Project puts a projection's columns on a batch's rows; nil leaves them as they are.
func Project(b Batch, rows Rows, with Projection) Rows {
	if with == nil {
		return rows
	}
	return projected{rows, b, with}
}

type projected struct {
	Rows
	batch Batch
	with  Projection
}

func (p projected) Schema(ctx context.Context) (*arrow.Schema, error) {
	schema, err := p.Rows.Schema(ctx)
	if err != nil {
		return nil, err
	}
	return p.with.Schema(schema), nil
}

func (p projected) Parts() []Part {
	parts := p.Rows.Parts()
	for i, part := range parts {
		parts[i] = projectedPart{part, p}
	}
	return parts
}

type projectedPart struct {
	Part
	of projected
}

func (p projectedPart) Open(ctx context.Context) (PartReader, error) {
	reader, err := p.Part.Open(ctx)
	if err != nil {
		return nil, err
	}
	return projectedReader{reader, p.of.with.Begin(p.of.batch)}, nil
}

type projectedReader struct {
	PartReader
	apply func(arrow.Record) (arrow.Record, error)
}

func (p projectedReader) Next() (arrow.Record, error) {
	record, err := p.PartReader.Next()
	if err != nil {
		return nil, err
	}
	return p.apply(record)
}

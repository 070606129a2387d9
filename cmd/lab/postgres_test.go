package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestACrashLogHoldsNoPassword(t *testing.T) {
	for _, args := range [][]string{
		{"lab", "extraer", "--dsn", "postgresql://ana:s3creto@db/x"},
		{"lab", "extraer", "--dsn=host=db password=s3creto"},
		{"lab", "extraer", "--dsn", "host=db password = 's3creto'"},
		{"lab", "extraer", "postgresql://ana:s3creto@db/x"},
		{"lab", "cargar", "--opcion", "x=postgresql://ana:s3creto@db/x"},
	} {
		if got := fmt.Sprintf("%q", argumentsForLog(args)); strings.Contains(got, "s3creto") || !strings.Contains(got, args[1]) {
			t.Errorf("%v: got %s", args, got)
		}
	}
	if got := fmt.Sprint(argumentsForLog([]string{"lab", "--dsn"})); got != "[lab --dsn]" {
		t.Errorf("got %s", got)
	}
}

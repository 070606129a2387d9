package parquet

import (
	"encoding/binary"

	"github.com/apache/arrow/go/v17/parquet"
)

// Headers of pages (Parquet, parquet.thrift, PageHeader) in Thrift's compact
// protocol: a byte of the field's distance and type, and for numbers a zigzag
// varint.
const (
	thriftInt    = 5
	thriftStruct = 12
	thriftStop   = 0
)

const (
	dataPage       = 0
	dictionaryPage = 2
)

func appendDataPageHeader(dst []byte, plainBytes, compressedBytes, values int, encoding parquet.Encoding) []byte {
	dst = appendPageSizes(dst, dataPage, plainBytes, compressedBytes)
	dst = append(dst, 2<<4|thriftStruct) // field 5, data_page_header
	dst = appendInt(dst, values)
	dst = appendInt(dst, int(encoding))
	dst = appendInt(dst, int(parquet.Encodings.RLE)) // of definition levels
	dst = appendInt(dst, int(parquet.Encodings.RLE)) // of repetition levels
	return append(dst, thriftStop, thriftStop)
}

func appendDictionaryPageHeader(dst []byte, plainBytes, compressedBytes, entries int) []byte {
	dst = appendPageSizes(dst, dictionaryPage, plainBytes, compressedBytes)
	dst = append(dst, 4<<4|thriftStruct) // field 7, dictionary_page_header
	dst = appendInt(dst, entries)
	dst = appendInt(dst, int(parquet.Encodings.Plain))
	return append(dst, thriftStop, thriftStop)
}

func appendPageSizes(dst []byte, kind, plainBytes, compressedBytes int) []byte {
	return appendInt(appendInt(appendInt(dst, kind), plainBytes), compressedBytes)
}

// appendInt appends a number as the field after the last.
func appendInt(dst []byte, value int) []byte {
	return binary.AppendVarint(append(dst, 1<<4|thriftInt), int64(value))
}

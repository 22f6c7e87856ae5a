/** What the venues' messages have in common: numbers, times and symbols, read from a buffer without an object each. */
@org.jspecify.annotations.NullMarked
package io.tidemark.edge.message;

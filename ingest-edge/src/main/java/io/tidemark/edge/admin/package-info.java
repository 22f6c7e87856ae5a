/** What an operator may change while the edge runs, by HTTP. */
@org.jspecify.annotations.NullMarked
package io.tidemark.edge.admin;

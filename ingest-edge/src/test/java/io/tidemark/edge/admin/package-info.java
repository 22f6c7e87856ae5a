@org.jspecify.annotations.NullMarked
package io.tidemark.edge.admin;

/** What the venues that take subscriptions as messages share; each venue is a package of its own below. */
@org.jspecify.annotations.NullMarked
package io.tidemark.edge.venue;

/** The command line, and what a running edge says of itself over HTTP. */
@NullMarked
package io.tidemark.edge.command;

import org.jspecify.annotations.NullMarked;

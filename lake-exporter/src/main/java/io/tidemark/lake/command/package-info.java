/** The program: service and commands. */
@NullMarked
package io.tidemark.lake.command;

import org.jspecify.annotations.NullMarked;

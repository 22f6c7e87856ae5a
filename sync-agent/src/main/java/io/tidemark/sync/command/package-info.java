/** The program's main class, its commands and how its settings are read. */
@NullMarked
package io.tidemark.sync.command;

import org.jspecify.annotations.NullMarked;

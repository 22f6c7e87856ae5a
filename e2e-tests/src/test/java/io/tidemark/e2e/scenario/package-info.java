@NullMarked
package io.tidemark.e2e.scenario;

import org.jspecify.annotations.NullMarked;

/** What the author of an app compiles against. */
@NullMarked
package dev.tidepool.app;

import org.jspecify.annotations.NullMarked;

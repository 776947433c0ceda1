/** An app to try Tidepool with, and to hurt it with. */
@NullMarked
package dev.tidepool.demo;

import org.jspecify.annotations.NullMarked;

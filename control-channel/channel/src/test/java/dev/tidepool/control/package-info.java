@NullMarked
package dev.tidepool.control;

import org.jspecify.annotations.NullMarked;

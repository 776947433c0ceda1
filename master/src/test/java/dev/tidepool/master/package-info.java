@NullMarked
package dev.tidepool.master;

import org.jspecify.annotations.NullMarked;

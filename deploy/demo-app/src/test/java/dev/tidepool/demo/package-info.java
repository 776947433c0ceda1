@NullMarked
package dev.tidepool.demo;

import org.jspecify.annotations.NullMarked;

/** What the JDK looks for by name, for {@code java:} names of JNDI. */
@NullMarked
package dev.tidepool.servlet.java;

import org.jspecify.annotations.NullMarked;

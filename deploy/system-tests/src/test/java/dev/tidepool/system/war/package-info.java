/** The classes of the WAR that {@code WarIT} deploys. */
@NullMarked
package dev.tidepool.system.war;

import org.jspecify.annotations.NullMarked;

/** The master process: sockets, generations, slots, supervision; and the command line. */
@NullMarked
package dev.tidepool.master;

import org.jspecify.annotations.NullMarked;

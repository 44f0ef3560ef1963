/** The one loop that everything waits in, and what moves on in it. */
package org.isthmus.comm.progress;

/** The shared heap: its area in the segment, and the private part of each rank. */
package org.isthmus.allocator.heap;

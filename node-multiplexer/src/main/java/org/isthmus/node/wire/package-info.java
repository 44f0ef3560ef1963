/** What multiplexers of different nodes say to each other: the hello, and the header of every frame. */
package org.isthmus.node.wire;

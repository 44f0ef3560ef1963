/**
 * The user's message buffers: what they are, where their bytes lie, and copies to and from segments.
 */
package org.isthmus.comm.buffer;

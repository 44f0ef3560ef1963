package org.isthmus.node.bootstrap;

import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The open segment file of a node.
 *
 * @param name the name that it had when it was opened; gone by now
 */
record SegmentChannel(FileChannel channel, Path name) {}

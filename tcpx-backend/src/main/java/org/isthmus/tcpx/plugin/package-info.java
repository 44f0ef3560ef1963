/**
 * NCCL network plugins ({@code libnccl-net*.so}) from Java: their function tables, layouts of versions 7 to 10, calls.
 */
package org.isthmus.tcpx.plugin;

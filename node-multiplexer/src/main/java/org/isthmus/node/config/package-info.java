/** The table of settings. */
package org.isthmus.node.config;

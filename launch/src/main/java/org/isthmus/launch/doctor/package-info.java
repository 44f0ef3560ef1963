/** {@code isthmus doctor}: what on this machine keeps jobs from running, or from running fast, and how to mend it. */
package org.isthmus.launch.doctor;

/** The nodes load what they run when they are run. Here it must not look as if the first test alone had to do with that. */
import '../../nodes/CometApiVideo/operations/executeNode';
import '../../nodes/CometApiVideo/watch/pollFinishedTasks';

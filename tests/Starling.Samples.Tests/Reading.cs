namespace Starling.Samples.Tests;

// sample 9
internal sealed record Reading(double Celsius);
// end

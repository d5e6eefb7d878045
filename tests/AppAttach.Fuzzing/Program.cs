using AppAttach.Fuzzing;
using AppAttach.TestKit;

// Breaks packages in many ways and reads them: README.md says how to run it and what to do with what it finds.
//   dotnet run -c Release --project tests/AppAttach.Fuzzing -- --count 100000 --seed 1
const int exitSound = 0;
const int exitFailures = 1;
const int exitUsage = 2;
if (FuzzOptions.TryParse(args) is not { } options)
{
    await Console.Error.WriteLineAsync($"Usage: {FuzzOptions.Usage}");
    return exitUsage;
}

var findings = Repository.PathOf("tests", "AppAttach.Fuzzing", "Findings");
var report = new FuzzRun(options, findings, Console.Out).Run();
report.WriteTo(Console.Out);
return report.Failures.Count == 0 ? exitSound : exitFailures;

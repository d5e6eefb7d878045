using System.Globalization;
using AppAttach.Benchmarks;

// Whole processes, from outside: start-up counts, as it does for a user.
//   dotnet run -c Release --project tests/AppAttach.Benchmarks              every measure, five runs each; needs 5 GB of temporary disk
//   dotnet run -c Release --project tests/AppAttach.Benchmarks -- 2         two runs each
if (args is ["baseline", var package])
{
    Baseline.Run(package);
    return 0;
}

var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
var folder = Directory.CreateTempSubdirectory("appattach-bench-");
try
{
    var appattach = await PublishedProgram.PublishAsync(Path.Combine(folder.FullName, "appattach"));
    await new Benchmark(appattach, folder.FullName, runs, Console.Out).RunAsync();
    return 0;
}
finally
{
    folder.Delete(recursive: true);
}

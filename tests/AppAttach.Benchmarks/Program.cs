using System.Globalization;
using AppAttach.Benchmarks;

// Whole processes, from outside: start-up counts, as it does for a user.
//   dotnet run -c Release --project tests/AppAttach.Benchmarks              every measure, five runs each; needs 5 GB of temporary disk
//   dotnet run -c Release --project tests/AppAttach.Benchmarks -- 2         two runs each
//   dotnet run -c Release --project tests/AppAttach.Benchmarks -- large 10  one package of 10 GiB, once; needs 17 GB
if (args is ["baseline", var package])
{
    Baseline.Run(package);
    return 0;
}

var runs = args.Length == 1 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
var folder = Directory.CreateTempSubdirectory("appattach-bench-");
try
{
    var programs = new List<PublishedProgram> { await PublishedProgram.PublishAsync(Path.Combine(folder.FullName, "appattach")) };
    try
    {
        programs.Add(await PublishedProgram.PublishNativeAsync(Path.Combine(folder.FullName, "native")));
    }
    catch (InvalidOperationException e)
    {
        Console.Error.WriteLine($"Not compiled natively: {e.Message}");
    }

    var benchmark = new Benchmark(programs, folder.FullName, runs, Console.Out);
    await (args is ["large", var gibibytes] ? benchmark.LargeAsync(int.Parse(gibibytes, CultureInfo.InvariantCulture)) : benchmark.RunAsync());
    return 0;
}
finally
{
    folder.Delete(recursive: true);
}

using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AppAttach.Functions.Tests")]

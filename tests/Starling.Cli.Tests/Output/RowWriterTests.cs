using System.Text;
using Starling.Cli.Output;

namespace Starling.Cli.Tests.Output;

public sealed class RowWriterTests
{
    private static readonly string[] Columns = ["name", "count", "is", "text"];
    private static readonly object?[][] Rows = [["a", 1L, true, "x, \"y\""], ["long name", 22, false, null], ["ctl", 3L, true, "\e[31m"]];

    [Theory]
    [InlineData("Table", "NAME       COUNT  IS     TEXT\na          1      true   x, \"y\"\nlong name  22     false\nctl        3      true   ?[31m\n")]
    [InlineData("Csv", "name,count,is,text\r\na,1,true,\"x, \"\"y\"\"\"\r\nlong name,22,false,\r\nctl,3,true,\e[31m\r\n")]
    [InlineData("JsonLines", """
        {"name":"a","count":1,"is":true,"text":"x, \"y\""}
        {"name":"long name","count":22,"is":false,"text":null}
        {"name":"ctl","count":3,"is":true,"text":"\u001B[31m"}

        """)]
    [InlineData("Json", """
        [{"name":"a","count":1,"is":true,"text":"x, \"y\""},
         {"name":"long name","count":22,"is":false,"text":null},
         {"name":"ctl","count":3,"is":true,"text":"\u001B[31m"}]

        """)]
    public void Rows_are_written_in_each_format(string format, string expected) => Assert.Equal(expected, Write(format, Rows));

    [Theory]
    [InlineData("Table", "NAME  COUNT  IS  TEXT\n")]
    [InlineData("Csv", "name,count,is,text\r\n")]
    [InlineData("JsonLines", "")]
    [InlineData("Json", "[]\n")]
    public void No_rows_are_no_rows(string format, string expected) => Assert.Equal(expected, Write(format, []));

    private static string Write(string format, object?[][] rows)
    {
        using MemoryStream stream = new();
        RowWriter.Write(stream, Enum.Parse<OutputFormat>(format), Columns, rows);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

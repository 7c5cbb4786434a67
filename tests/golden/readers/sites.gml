<?xml version="1.0" encoding="utf-8" ?>
<ogr:FeatureCollection
     gml:id="aFeatureCollection"
     xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
     xsi:schemaLocation="http://ogr.maptools.org/ sites.xsd"
     xmlns:ogr="http://ogr.maptools.org/"
     xmlns:gml="http://www.opengis.net/gml/3.2">
  <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4543"><gml:lowerCorner>2766000 500000</gml:lowerCorner><gml:upperCorner>2766100 502050</gml:upperCorner></gml:Envelope></gml:boundedBy>
                                                                                                                                                        
  <ogr:featureMember>
    <ogr:地块 gml:id="地块.0">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4543"><gml:lowerCorner>2766000 500000</gml:lowerCorner><gml:upperCorner>2766100 500100</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4543" gml:id="地块.geom.0"><gml:exterior><gml:LinearRing><gml:posList>2766000 500000 2766000 500100 2766100 500100 2766100 500000 2766000 500000</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList>2766040 500040 2766060 500040 2766060 500060 2766040 500060 2766040 500040</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></ogr:geometryProperty>
      <ogr:地块编号>D-1</ogr:地块编号>
      <ogr:名称>一号地</ogr:名称>
      <ogr:面积>0.96</ogr:面积>
    </ogr:地块>
  </ogr:featureMember>
  <ogr:featureMember>
    <ogr:地块 gml:id="地块.1">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4543"><gml:lowerCorner>2766000 501000</gml:lowerCorner><gml:upperCorner>2766100 502050</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:MultiSurface srsName="urn:ogc:def:crs:EPSG::4543" gml:id="地块.geom.1"><gml:surfaceMember><gml:Polygon gml:id="地块.geom.1.0"><gml:exterior><gml:LinearRing><gml:posList>2766000 501100 2766100 501100 2766100 501000 2766000 501000 2766000 501100</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon gml:id="地块.geom.1.1"><gml:exterior><gml:LinearRing><gml:posList>2766000 502050 2766100 502050 2766100 502000 2766000 502000 2766000 502050</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></ogr:geometryProperty>
      <ogr:地块编号>D-2</ogr:地块编号>
      <ogr:名称>㼆二号地</ogr:名称>
      <ogr:面积>1.5</ogr:面积>
    </ogr:地块>
  </ogr:featureMember>
</ogr:FeatureCollection>
